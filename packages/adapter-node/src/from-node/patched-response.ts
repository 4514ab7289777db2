/**
 * Methods that somebody replaced: on `http.ServerResponse.prototype`, as instruments do, on a framework's prototype, or in
 * a class of their own. Such a method is left in its place, and Node's own, which it ends in, writes to us instead of to a
 * connection (decisions/0002).
 */
import { OutgoingMessage, ServerResponse } from 'node:http'
import { bodyMethods } from './response-body.ts'
import { headMethods } from './response-head.ts'
import type { Callback, SendingResponse } from './sending.ts'

type Method = 'write' | 'end' | 'writeHead' | 'flushHeaders' | 'addTrailers'
type Inherited = Readonly<Record<Method, unknown>>

/** As Node made them, unless they were replaced before this module was loaded. */
const NATIVE: Inherited = {
  write: OutgoingMessage.prototype.write,
  end: OutgoingMessage.prototype.end,
  flushHeaders: OutgoingMessage.prototype.flushHeaders,
  addTrailers: OutgoingMessage.prototype.addTrailers,
  // Node's ends in this internal method; what replaced it before, calls it.
  writeHead: String(ServerResponse.prototype.writeHead).includes('_storeHeader')
    ? ServerResponse.prototype.writeHead
    : null,
}

/** Whether a response has inherited a method that is not Node's. Asked of each, so it must cost no more than the reading. */
export const isPatched = (response: Inherited): boolean =>
  response.end !== NATIVE.end ||
  response.write !== NATIVE.write ||
  response.writeHead !== NATIVE.writeHead ||
  response.flushHeaders !== NATIVE.flushHeaders ||
  response.addTrailers !== NATIVE.addTrailers

interface NativeResponse extends SendingResponse {
  _storeHeader: (statusLine: string, fields: unknown) => void
  _send: (data: string | Uint8Array, encoding?: BufferEncoding | null, callback?: Callback | null) => boolean
}

/** Called before the response has methods of its own: those that were replaced stay, and lead here. */
export function keepPatches(response: SendingResponse): void {
  const inherited = Object.getPrototypeOf(response) as Inherited
  const own = response as unknown as Record<Method, unknown>
  for (const method of Object.keys(NATIVE) as Method[]) {
    if (inherited[method] !== NATIVE[method]) Reflect.deleteProperty(own, method)
  }
  const native = response as NativeResponse
  native._storeHeader = storeHeader
  native._send = send
}

/** Node's `writeHead` has merged what it was given with what was set before; where nothing was, it passes it on. */
function storeHeader(this: SendingResponse, statusLine: string, fields: unknown): void {
  const given = this.getHeaderNames().length > 0 ? null : (fields as never)
  headMethods.writeHead.call(this, Number(statusLine.slice(9, 12)), this.statusMessage, given)
}

/** Node's `end` sends the last of a response with a callback that makes `finish`, which is the exchange's to make. */
function send(
  this: SendingResponse,
  data: string | Uint8Array,
  encoding?: BufferEncoding | null,
  callback?: Callback | null,
): boolean {
  if (callback?.name === 'bound onFinish') {
    this.tsgiSending.nativeFinish = callback
    bodyMethods.end.call(this, data, encoding)
    return true
  }
  if (data.length > 0) return bodyMethods.write.call(this, data, encoding, callback)
  headMethods.flushHeaders.call(this)
  if (typeof callback === 'function') process.nextTick(callback, null)
  return true
}
