/**
 * Brings the body of a request from a TSGI server's input into an `IncomingMessage`, as Node's parser does: it comes
 * whether or not somebody reads, up to the high-water mark, so that `complete` tells whether it has arrived. What goes
 * wrong with a body that nobody has begun to read waits until somebody does.
 */
import { IncomingMessage } from 'node:http'
import { isInputError, isPromise, type Bytes } from '@tsgi/spec'
import { connectionReset } from './node-error.ts'
import type { RequestBody, RequestWithBody } from './request-with-body.ts'

/** What a body that nobody reads may bring after the response: as much as the servers' `drainLimit`. */
const DUMP_LIMIT = 64 * 1024

const markConsuming = IncomingMessage.prototype._read

/** What a request's `_read` does. */
export function readBody(request: RequestWithBody, size: number): void {
  // Node's own bookkeeping; its wish that the socket flow is heard by nobody.
  if (!request._consuming) markConsuming.call(request, size)
  const body = request.tsgiBody
  if (body.state === 'absent') {
    endBody(request)
  } else if (body.failure !== null) {
    const { error } = body.failure
    body.failure = null
    failBody(request, error)
  } else if (body.state === 'open' && !body.reading) {
    takeNext(request)
  }
}

/** Takes what has come of a body that nobody reads yet, unless the client waits to be asked for it. */
export function readAhead(request: RequestWithBody): void {
  if (request.tsgiBody.state === 'open' && request.headers.expect === undefined) takeWhatIsThere(request)
}

function takeWhatIsThere(request: RequestWithBody): void {
  const body = request.tsgiBody
  // Once the listener reads, the stream asks for more by itself.
  while (!request._consuming && body.state === 'open' && body.failure === null && !body.reading && !request.destroyed) {
    if (!takeNext(request)) return
  }
}

/** @returns whether bytes have come and there is room for more */
function takeNext(request: RequestWithBody): boolean {
  const body = request.tsgiBody
  try {
    const bytes = body.input.read()
    if (!isPromise(bytes)) return pushBytes(request, bytes)
    body.reading = true
    bytes.then(
      (read) => {
        body.reading = false
        if (pushBytes(request, read)) takeWhatIsThere(request)
      },
      (error: unknown) => {
        body.reading = false
        broken(request, error)
      },
    )
  } catch (error) {
    broken(request, error)
  }
  return false
}

function pushBytes(request: RequestWithBody, bytes: Bytes): boolean {
  const body = request.tsgiBody
  if (request.destroyed || body.state !== 'open') return false
  body.socket.received(bytes.byteLength)
  if (bytes.byteLength === 0) {
    endBody(request)
    return false
  }
  if (request._dumped) {
    body.dumped += bytes.byteLength
    if (body.dumped > DUMP_LIMIT) {
      // The server takes it from here: it drains a little more, or closes the connection.
      body.state = 'failed'
      body.owner.bodyOver()
      return false
    }
  }
  return request.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

function endBody(request: RequestWithBody): void {
  const body = request.tsgiBody
  request.complete = true
  const { trailers } = body.input
  if (trailers !== null) request._addHeaderLines(trailers.slice(), trailers.length)
  request.push(null)
  if (body.state !== 'open') return
  body.state = 'ended'
  body.owner.bodyOver()
}

function broken(request: RequestWithBody, error: unknown): void {
  const body = request.tsgiBody
  if (request.destroyed || body.state !== 'open') return
  body.state = 'failed'
  if (body.owner.responseFinished) body.owner.bodyOver()
  else if (request._consuming) failBody(request, error)
  else body.failure = { error }
}

function failBody(request: RequestWithBody, error: unknown): void {
  const heard = request.listenerCount('error') > 0
  request.tsgiBody.sparesResponse = true
  // `on-finished`, by which body parsers and error pages wait for a request to end before they answer, asks the socket.
  request.tsgiBody.socket.readable = false
  request.destroy(errorOf(error))
  if (heard) tellOnFinished(request)
  if (!heard) request.tsgiBody.owner.unreadable(error)
}

/** Those who wait by `on-finished` listen for the end, which does not come, and for the socket's, which stays. */
function tellOnFinished(request: RequestWithBody): void {
  const waiting: unknown = Reflect.get(request, '__onFinished')
  if (typeof waiting === 'function') process.nextTick(waiting as () => void)
}

/** A body cut short has Node's error; each has the status that the server would answer with, under both usual names. */
function errorOf(error: unknown): Error {
  if (!isInputError(error)) return error instanceof Error ? error : connectionReset()
  const { status, message, name } = error
  const told =
    status === 400 ? connectionReset() : Object.assign(new Error(message), { name, code: 'TSGI_ERR_BODY' as const })
  return Object.assign(told, { status, statusCode: status, cause: error })
}

/** Whether a body was too large or too slow, and its client is still there. */
export const isRefused = ({ state }: RequestBody, error: Error | null): boolean =>
  state === 'failed' && isInputError(error) && error.status !== 400

/** Whether a body has arrived that the listener has not read to its end. */
export const isReadable = (request: RequestWithBody): boolean =>
  request.tsgiBody.state === 'ended' && !request.readableEnded && !request.destroyed

/**
 * The client has left, or at least sends no more: the listener gets the events that `node:http` emits then. A body that
 * has come whole stays readable.
 */
export function abortRequest(request: RequestWithBody): void {
  if (isReadable(request) || request.destroyed) {
    abortSignal(request)
    return
  }
  request.tsgiBody.sparesResponse = true
  request.destroy(connectionReset())
}

/** Node 26 makes a request's `signal` when it is asked for, and keeps its controller to itself. */
const kAbortController = Object.getOwnPropertySymbols(new IncomingMessage(null as never)).find(
  ({ description }) => description === 'kAbortController',
)

export function abortSignal(request: RequestWithBody): void {
  if (kAbortController === undefined) return
  const controller: unknown = Reflect.get(request, kAbortController)
  if (controller instanceof AbortController) controller.abort()
}

/** Called when the listener has returned: by then Node has parsed to the end of a request without a body. */
export function completeWithoutBody(request: RequestWithBody): void {
  if (request.tsgiBody.state === 'absent') request.complete = true
}

/** Whether the listener is in the middle of reading a body that has not come to its end. */
function isRead(request: RequestWithBody): boolean {
  return request.readableFlowing === true || request.listenerCount('data') > 0 || request.listenerCount('readable') > 0
}

const isWatched = (request: RequestWithBody): boolean =>
  request.listenerCount('end') > 0 || request.listenerCount('close') > 0

/**
 * Whether the server is to keep a request open whose response is complete, since the listener reads on, or waits for the
 * end of a body that it does not read.
 */
export function wantsBody(request: RequestWithBody): boolean {
  if (request.tsgiBody.state !== 'open' || request.destroyed) return false
  if (!isRead(request) && (request.headers.expect !== undefined || !isWatched(request))) return false
  takeWhatIsThere(request)
  return request.tsgiBody.state === 'open'
}

/**
 * The response is out: a body that nobody has begun to read is of no use any more. The listener sees it end where the
 * server still reads; where it does not, nothing tells whether the body has come whole.
 */
export function skipUnreadBody(request: RequestWithBody, held: boolean): void {
  if (request._consuming || request.destroyed || isRead(request)) return
  const { state } = request.tsgiBody
  if (state === 'failed' || (state === 'open' && !held)) return
  if (!isWatched(request) && request._dumpAndCloseReadable !== undefined) {
    // Nobody would see the events: 0.5 µs less than making them.
    request.complete = true
    request._dumpAndCloseReadable()
    return
  }
  if (state === 'absent') endBody(request)
  request._dump()
}
