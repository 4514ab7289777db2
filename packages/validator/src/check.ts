import { isInputError, type Application } from '@tsgi/spec'
import { Finding } from './finding.ts'
import { headDiffers } from './head-differs.ts'
import { request } from './in-process.ts'
import type { InProcessAnswer, InProcessRequest } from './in-process-request.ts'
import { ClientGone, RefusedFields, RefusedResponse } from './refusals.ts'
import { validate } from './validate.ts'

export interface CheckOptions {
  /** Paths that the application answers; each is asked for by GET and HEAD. Default: `/`. */
  readonly paths?: readonly string[] | undefined
  /** For messages. Default: the name of the function. */
  readonly name?: string | undefined
  /** Milliseconds after which a request counts as unanswered. Default 5,000. */
  readonly timeout?: number | undefined
}

/** What a request of the check came to. */
export interface CheckedRequest {
  /** What it is to show, such as `a body that breaks off`. */
  readonly name: string
  readonly method: string
  readonly path: string
  /** `null`: no answer. */
  readonly status: number | null
  /** What the application failed with; `null` where it did not. */
  readonly error: unknown
}

export interface CheckReport {
  readonly findings: readonly Finding[]
  readonly requests: readonly CheckedRequest[]
  /** Those of the paths that were answered by nothing but errors: by none at all, or by a status from 500 on. */
  readonly failing: readonly string[]
}

/**
 * Runs an application through a set of requests in this process, its lifespan included, and reports what breaks a clause.
 * An error that the application answers with 500 is no breach; `requests` lists it, and `failing` the paths that answer
 * nothing else.
 */
export async function check(app: Application, options: CheckOptions = {}): Promise<CheckReport> {
  const findings: Finding[] = []
  const inner = options.name ?? (app.name || 'the application')
  const checked = validate(app, { report: findings, outer: OUTER, inner, trace: true })
  const requests: CheckedRequest[] = []
  const failing: string[] = []
  const timeout = options.timeout ?? 5_000
  const ask = async (name: string, what: InProcessRequest): Promise<InProcessAnswer> => {
    const answer = await request(checked, { leavesAfter: ENOUGH, patience: timeout, ...what })
    const { status, error } = answer
    const { method = 'GET', path = '/' } = what
    requests.push({ name, method, path, status, error: hasAnswered(answer, what) ? null : error })
    return answer
  }

  await checked.startup?.()
  const paths = options.paths ?? ['/']
  for (const path of paths) {
    let works = false
    for (const [name, what] of trialsOf(path)) {
      const { status, error } = await ask(name, what)
      // A client that leaves proves nothing.
      if (what.leavesAfter === undefined && error === null && status !== null && status < 500) works = true
    }
    if (!works) failing.push(path)
    await Promise.all([ask('two at once', { path }), ask('two at once', { path, slow: true })])
    const done = await headDifference(path, ask)
    if (done !== null) {
      const circumstances = { outer: OUTER, inner, request: `HEAD ${path}`, trace: null }
      findings.push(new Finding('TSGI_V_HEAD_DIFFERS', done, circumstances))
    }
  }
  for (const [name, what] of otherTrials(paths[0] ?? '/')) await ask(name, what)
  await checked.shutdown?.()
  return { findings, requests, failing }
}

/** What calls the application, in messages. */
const OUTER = 'tsgi check'

/** A client that has this much of a body has seen what it is: bodies may be endless. */
const ENOUGH = 1024 * 1024

/** Whether an error says nothing more: the client wished to leave, its body was what failed (F.3), or a finding says why. */
const hasAnswered = ({ status, error }: InProcessAnswer, { leavesAfter }: InProcessRequest): boolean =>
  isInputError(error) ||
  error instanceof RefusedFields ||
  error instanceof RefusedResponse ||
  (error instanceof ClientGone && (status !== null || leavesAfter === 0))

type Trial = readonly [name: string, request: InProcessRequest]

const FORM = ['content-type', 'application/x-www-form-urlencoded'] as const
const cutShort = (): Error => Object.assign(new Error('the body was cut short'), { status: 400 })
const later = (text: string): Promise<string> => new Promise((resolve) => setImmediate(() => resolve(text)))

/** What a path that exists is asked. */
function trialsOf(path: string): readonly Trial[] {
  return [
    ['a plain request', { path }],
    ['an HTTP/1.0 client', { path, protocol: 'HTTP/1.0' }],
    ['a slow client', { path, slow: true }],
    ['a client that leaves before the answer', { path, leavesAfter: 0 }],
    ['a client that leaves at the first byte', { path, leavesAfter: 1 }],
    ['a query', { path, query: 'a=1&a=2&b=%C3%A9&empty=&=&%zz' }],
    ['fields that repeat', { path, headers: ['host', 'localhost', 'cookie', 'a=1', 'cookie', 'b=2', 'x-none', ''] }],
    ['a body that nobody asked for', { path, headers: ['content-length', '5'], body: ['hello'] }],
    ['a mount', { path, scriptName: '/mount%20point' }],
    ['a condition', { path, headers: ['if-none-match', '*', 'if-modified-since', 'Fri, 01 Jan 2100 00:00:00 GMT'] }],
    ['a range', { path, headers: ['range', 'bytes=0-0'] }],
  ]
}

/** What an application is asked once, whatever it answers. */
const otherTrials = (path: string): readonly Trial[] => [
  ['a path that is not there', { path: '/tsgi-check/not-there' }],
  ['a bad escape', { path: '/%zz' }],
  ['an encoded slash and a dot', { path: '/a%2F..%2Fb/%2e%2e/c' }],
  ['a path of other people', { path: '/caf%C3%A9/%F0%9F%98%80' }],
  ['an empty path below a mount', { path: '', scriptName: '/mount' }],
  ['OPTIONS', { path, method: 'OPTIONS' }],
  ['DELETE', { path, method: 'DELETE' }],
  ['a method of its own', { path, method: 'BREW' }],
  ['a form', { path, method: 'POST', headers: [...FORM, 'content-length', '7'], body: ['a=1&b=2'] }],
  [
    'a body in pieces',
    {
      path,
      method: 'POST',
      headers: [...FORM, 'transfer-encoding', 'chunked'],
      body: ['a=', later('1&b'), '=2', later('&c=3')],
    },
  ],
  [
    'a body that is not what it says',
    { path, method: 'POST', headers: ['content-type', 'application/json', 'content-length', '4'], body: ['{"a"'] },
  ],
  [
    'a body that breaks off',
    { path, method: 'POST', headers: [...FORM, 'content-length', '100'], body: ['a=1', later('&b=2'), cutShort()] },
  ],
]

async function headDifference(
  path: string,
  ask: (name: string, what: InProcessRequest) => Promise<InProcessAnswer>,
): Promise<string | null> {
  const get = await ask('GET, to compare', { path })
  const head = await ask('HEAD, to compare', { path, method: 'HEAD' })
  const again = await ask('GET once more', { path })
  return headDiffers(get, head, again)
}
