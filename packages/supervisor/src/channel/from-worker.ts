/**
 * What a worker writes to its channel, checked field by field. The application runs in the worker, possibly as another
 * user, and can write there too: nothing that it writes may do more to the supervisor than end that worker.
 */
import { isMetric } from '@tsgi/metrics/counting'
import type { AccessRecord, LogLevel, Metric, ServeErrorCode } from '@tsgi/spec/server'
import type { ErrorText, Failure, Figures, FromWorker, WorkerLogFields } from './messages.ts'

/** A worker wrote what no worker of ours writes. The message says what was expected, and what it wrote. */
export class ProtocolError extends Error {}

/** @throws ProtocolError */
export function parseFromWorker(line: string): FromWorker {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new ProtocolError(`expected JSON, got ${excerpt(line)}`)
  }
  const message = object(value, 'a message')
  const parse = typeof message['type'] === 'string' ? MESSAGES.get(message['type']) : undefined
  if (parse === undefined) throw new ProtocolError(`expected a known type of message, got ${excerpt(message['type'])}`)
  return parse(message)
}

type Fields = { readonly [name: string]: unknown }

const MESSAGES: ReadonlyMap<string, (message: Fields) => FromWorker> = new Map<
  FromWorker['type'],
  (message: Fields) => FromWorker
>([
  ['loaded', () => ({ type: 'loaded' })],
  ['accepting', () => ({ type: 'accepting' })],
  ['taken', () => ({ type: 'taken' })],
  ['closed', () => ({ type: 'closed' })],
  ['failed', ({ failure }) => ({ type: 'failed', failure: failureOf(object(failure, 'failure')) })],
  ['beat', ({ figures }) => ({ type: 'beat', figures: figuresOf(object(figures, 'figures')) })],
  [
    'leaving',
    ({ reason, orderly }) => ({ type: 'leaving', reason: text(reason, 'reason'), orderly: flag(orderly, 'orderly') }),
  ],
  [
    'drained',
    ({ cutOff, figures }) => ({
      type: 'drained',
      cutOff: count(cutOff, 'cutOff'),
      figures: figuresOf(object(figures, 'figures')),
    }),
  ],
  [
    'log',
    ({ level, message, fields }) => ({
      type: 'log',
      level: oneOf(LEVELS, level, 'level'),
      message: text(message, 'message'),
      fields: logFields(object(fields, 'fields')),
    }),
  ],
  ['ready', ({ ready }) => ({ type: 'ready', ready: flag(ready, 'ready') })],
  ['metrics', ({ metrics }) => ({ type: 'metrics', metrics: list(metrics, 'metrics').map(metric) })],
  ['code', ({ code }) => ({ type: 'code', code: text(code, 'code') })],
  [
    'access',
    ({ records, dropped }) => ({
      type: 'access',
      records: list(records, 'records').map((record) => accessRecord(object(record, 'an access record'))),
      dropped: count(dropped, 'dropped'),
    }),
  ],
])

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

const ERROR_CODES: readonly ServeErrorCode[] = [
  'TSGI_ERR_APP_LOAD',
  'TSGI_ERR_STARTUP',
  'TSGI_ERR_BIND',
  'TSGI_ERR_OPTION',
  'TSGI_ERR_NEEDS_REFERENCE',
]

function figuresOf({ connections, active, requests, accepted, rss }: Fields): Figures {
  return {
    connections: count(connections, 'connections'),
    active: count(active, 'active'),
    requests: count(requests, 'requests'),
    accepted: count(accepted, 'accepted'),
    rss: count(rss, 'rss'),
  }
}

function failureOf({ code, message, stack }: Fields): Failure {
  return {
    code: oneOf(ERROR_CODES, code, 'code'),
    message: text(message, 'message'),
    stack: stack === undefined ? undefined : text(stack, 'stack'),
  }
}

function logFields({ error, ...rest }: Fields): WorkerLogFields {
  const fields: { [name: string]: string | number | boolean | null } = {}
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === 'object' && value !== null)
      throw new ProtocolError(`expected text, a number, a flag or null in a field of the log, got ${excerpt(value)}`)
    fields[name] = value as string | number | boolean | null
  }
  return error === undefined ? fields : { ...fields, error: errorText(error) }
}

function errorText(error: unknown): ErrorText | string {
  if (typeof error === 'string') return error
  const { message, stack } = object(error, 'error')
  return { message: text(message, 'message'), stack: text(stack, 'stack') }
}

function accessRecord(record: Fields): AccessRecord {
  const { remoteAddr } = record
  return {
    time: number(record['time'], 'time'),
    remoteAddr: remoteAddr === null ? null : text(remoteAddr, 'remoteAddr'),
    method: text(record['method'], 'method'),
    target: text(record['target'], 'target'),
    protocol: text(record['protocol'], 'protocol'),
    status: count(record['status'], 'status'),
    bytes: count(record['bytes'], 'bytes'),
    duration: number(record['duration'], 'duration'),
    requestHeaders: list(record['requestHeaders'], 'requestHeaders').map((value) => text(value, 'a request header')),
    complete: flag(record['complete'], 'complete'),
  }
}

function metric(value: unknown): Metric {
  if (isMetric(value)) return value
  throw unexpected('a metric', value, 'metrics')
}

function object(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw unexpected('an object', value, name)
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[]
  throw unexpected('a list', value, name)
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  throw unexpected('text', value, name)
}

function flag(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value
  throw unexpected('true or false', value, name)
}

function number(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw unexpected('a number', value, name)
}

function count(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw unexpected('a whole number from 0', value, name)
}

function oneOf<T extends string>(values: readonly T[], value: unknown, name: string): T {
  const found = values.find((known) => known === value)
  if (found !== undefined) return found
  throw unexpected(`one of ${values.join(', ')}`, value, name)
}

function unexpected(what: string, value: unknown, name: string): ProtocolError {
  return new ProtocolError(`expected ${what} for ${name}, got ${excerpt(value)}`)
}

const EXCERPT = 60

/** Of a value that may be of any size or depth: enough to recognise it in a log. */
function excerpt(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  const all = typeof value === 'string' ? value : String(value)
  return JSON.stringify(all.length > EXCERPT ? `${all.slice(0, EXCERPT)}…` : all)
}
