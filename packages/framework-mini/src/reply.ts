import { inspect } from 'node:util'
import type { AsyncBody, Body, HeaderList, ServerContext, StartResponse, StreamingBody, SyncBody } from '@tsgi/spec'
import { Html } from './html.ts'
import { Upgrade } from './web-socket.ts'

/**
 * What a handler gives back: a string is plain text, {@link Html} a page, bytes are bytes, `null` is an empty 204, a
 * {@link Reply} says all itself, and any other object is JSON. (`then` is there so that the compiler sees an `async`
 * handler that forgot its `return`.)
 */
export type Result = string | null | (object & { readonly then?: never }) | { readonly [name: string]: unknown }

export interface ReplyInit {
  /** Default 200; the error's, where an error is answered. */
  readonly status?: number | undefined
  /** The `content-type`, in place of the usual one. */
  readonly type?: string | undefined
  /** Further fields. */
  readonly headers?: HeaderList | undefined
  /** Called when the server begins to stop before the answer is complete: a long stream ends, so that its client connects again. */
  readonly onDraining?: (() => void) | undefined
}

/** An answer with status and fields; the functions below make them. */
export class Reply {
  readonly body: Body
  readonly headers: HeaderList
  readonly status: number | undefined
  /** Called when the server begins to stop before the answer is complete; at once where it has begun. */
  readonly onDraining: (() => void) | undefined
  constructor(body: Body, headers: HeaderList, status?: number, onDraining?: () => void) {
    this.body = body
    this.headers = headers
    this.status = status
    this.onDraining = onDraining
  }
}

const TEXT: HeaderList = ['content-type', 'text/plain; charset=utf-8']
const HTML: HeaderList = ['content-type', 'text/html; charset=utf-8']
const JSON_TYPE: HeaderList = ['content-type', 'application/json']
const BYTES: HeaderList = ['content-type', 'application/octet-stream']

export const text = (content: string, init: ReplyInit = {}): Reply => reply(content, TEXT, init)

/** `value` as JSON: for scalars, and where the status or a field is not the usual one. */
export const json = (value: unknown, init: ReplyInit = {}): Reply => reply(serialize(value), JSON_TYPE, init)

export const page = (content: Html, init: ReplyInit = {}): Reply => reply(content.toString(), HTML, init)

/** A body that is made while it is sent: generators are pulled, and functions told to wait, as the client takes it. */
export const stream = (body: AsyncBody | SyncBody | StreamingBody, init: ReplyInit = {}): Reply =>
  reply(body, BYTES, init)

/**
 * Sends the client elsewhere; 303 makes it ask with GET, as after a form. What may not stand in a field is escaped. Never
 * pass on an address that came from the client without looking at it.
 */
export function redirect(location: string, status: 301 | 302 | 303 | 307 | 308 = 303): Reply {
  const field = location.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent)
  return new Reply(null, ['location', field], status)
}

/** Begins the response that a result means, and gives back its body. `status` is for a result that names none. */
export function send(
  result: Result,
  status: number,
  extra: HeaderList,
  startResponse: StartResponse,
  server: ServerContext,
): Body {
  if (result instanceof Upgrade) return result.answer(startResponse, extra)
  // The commonest answer makes no object.
  const given = typeof result === 'string' ? undefined : toReply(result)
  const headers = given === undefined ? TEXT : given.headers
  const usual = result === null && status === 200 ? 204 : status
  startResponse(given?.status ?? usual, extra.length === 0 ? headers : [...headers, ...extra])
  if (given === undefined) return result as string
  if (given.onDraining !== undefined) listen(server.draining, given.onDraining)
  return given.body
}

function listen(signal: AbortSignal | undefined, onAbort: () => void): void {
  if (signal?.aborted === true) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
}

function toReply(result: object | null): Reply {
  if (result instanceof Reply) return result
  if (result instanceof Html) return page(result)
  if (result instanceof Uint8Array) return new Reply(result, BYTES)
  if (result === null) return new Reply(null, [])
  return typeof result === 'object' ? json(result) : refuse(result)
}

function reply(body: Body, usual: HeaderList, { status, type, headers, onDraining }: ReplyInit): Reply {
  const own = type === undefined ? usual : ['content-type', type]
  return new Reply(body, headers === undefined ? own : [...own, ...headers], status, onDraining)
}

function serialize(value: unknown): string {
  // JSON would make `{}` of a map, a set or a generator, without a word.
  const iterable = value instanceof Object && (Symbol.iterator in value || Symbol.asyncIterator in value)
  const serialized = iterable && !Array.isArray(value) ? undefined : (JSON.stringify(value) as string | undefined)
  return serialized ?? refuse(value)
}

function refuse(value: unknown): never {
  const expected = 'a string, Html, bytes, an object for JSON, a Reply, null for 204, or an iterable within stream()'
  throw new TypeError(`a handler was expected to return ${expected}; it returned ${inspect(value, { depth: 0 })}`)
}
