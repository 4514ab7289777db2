import { describe, expect, it } from 'vitest'
import { parseFromWorker, ProtocolError } from './from-worker.ts'
import { type FromWorker, NO_FIGURES } from './messages.ts'

const RECORD = {
  time: 1,
  remoteAddr: null,
  method: 'GET',
  target: '/',
  protocol: 'HTTP/1.1',
  status: 200,
  bytes: 5,
  duration: 0.5,
  requestHeaders: ['host', 'test'],
  complete: true,
}

const MESSAGES: readonly FromWorker[] = [
  { type: 'loaded' },
  { type: 'failed', failure: { code: 'TSGI_ERR_BIND', message: 'in use', stack: 'at …' } },
  { type: 'accepting' },
  { type: 'taken' },
  { type: 'beat', figures: NO_FIGURES },
  { type: 'leaving', reason: 'had enough', orderly: true },
  { type: 'closed' },
  { type: 'drained', cutOff: 1, figures: { ...NO_FIGURES, requests: 5 } },
  { type: 'log', level: 'warn', message: 'hm', fields: { number: 1, flag: true, error: { message: 'm', stack: 's' } } },
  { type: 'ready', ready: true },
  {
    type: 'metrics',
    metrics: [{ name: 'a', help: 'A.', type: 'counter', values: [{ labels: { b: 'c' }, value: 1 }] }],
  },
  { type: 'code', code: 'AAAA' },
  { type: 'access', records: [RECORD], dropped: 0 },
]

/** The value with each of its parts, however deep, replaced by or left out as `change` says. */
function* damaged(value: unknown, change: (part: unknown) => unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, part] of Object.entries(value)) {
    const rebuilt = (changed: unknown): unknown =>
      Array.isArray(value)
        ? value.map((old: unknown, index) => (String(index) === name ? changed : old))
        : { ...value, [name]: changed }
    yield rebuilt(change(part))
    for (const inner of damaged(part, change)) yield rebuilt(inner)
  }
}

const wrong: readonly (readonly [what: string, change: (part: unknown) => unknown])[] = [
  ['left out', () => undefined],
  ['a list', () => [[]]],
  ['of another kind', (part) => (typeof part === 'string' || part === null ? 5 : 'text')],
  ['a negative number', (part) => (typeof part === 'number' ? -1 : [[]])],
]

/** What may be absent, and numbers that may be negative. */
const ALLOWED =
  /^\{"type":"(?:failed".*"message":"in use"\}\}|log".*"fields":\{[^[]*\}\}|access".*"(?:time|duration)":-1|metrics".*(?:"labels":\{\}|"b":5|"value":-1))/

describe('a message of a worker', () => {
  it.each(MESSAGES)('is read as it was written: $type', (message) => {
    expect(parseFromWorker(JSON.stringify(message))).toEqual(message)
  })

  it.each(wrong)('is refused when one of its parts is %s', (_what, change) => {
    let refused = 0
    for (const message of MESSAGES) {
      for (const bad of damaged(message, change)) {
        const line = JSON.stringify(bad)
        if (ALLOWED.test(line)) continue
        expect(() => parseFromWorker(line), line).toThrow(ProtocolError)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(30)
  })

  it.each([
    ['nonsense', 'expected JSON, got "nonsense"'],
    ['5', 'expected an object for a message, got "5"'],
    ['[]', 'expected an object for a message, got a list of 0'],
    ['{"type":"__proto__"}', 'expected a known type of message, got "__proto__"'],
    ['{"type":"constructor"}', 'expected a known type of message, got "constructor"'],
    [`{"type":"${'x'.repeat(100)}"}`, `expected a known type of message, got "${'x'.repeat(60)}…"`],
    ['['.repeat(200_000), `expected JSON, got "${'['.repeat(60)}…"`],
    [
      `{"type":"log","level":"info","message":"","fields":{"deep":${'['.repeat(5_000)}${']'.repeat(5_000)}}}`,
      'expected text, a number, a flag or null in a field of the log, got a list of 1',
    ],
  ])('says what was expected', (line, message) => {
    expect(() => parseFromWorker(line)).toThrow(new ProtocolError(message))
  })
})
