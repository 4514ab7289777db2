/** The methods of a response that write its body and end it. */
import type { Chunk } from '@tsgi/spec'
import { nodeError, streamDestroyed, writeAfterEnd } from './node-error.ts'
import type { Callback, Sending, SendingResponse } from './sending.ts'

type Encoding = BufferEncoding | null | undefined

function write(
  this: SendingResponse,
  chunk: unknown,
  encodingOrCallback?: Encoding | Callback,
  callback?: Callback | null,
): boolean {
  const accepted = callbackOf(encodingOrCallback, callback)
  checkChunk(chunk)
  if (this.finished || this.destroyed) {
    refuse(this, accepted)
    return false
  }
  const sending = this.tsgiSending
  const bytes = toChunk(chunk, encodingOf(encodingOrCallback))
  if (this.strictContentLength) count(this, sending, bytes, false)
  if (!this._header) this.writeHead(this.statusCode)

  const { delivery, socket } = sending.owner
  if (sending.bodyless) {
    // The head need not wait for an end that may be far off.
    delivery.whole(null)
    if (accepted !== null) process.nextTick(accepted, null)
    return true
  }
  socket.touch()
  sending.inPieces = true
  if (bytes.length === 0) {
    delivery.flush()
    if (accepted !== null) process.nextTick(accepted, null)
    return true
  }
  const room = delivery.write(bytes, accepted)
  if (!room) this.writableNeedDrain = true
  return room
}

function end(
  this: SendingResponse,
  chunkOrCallback?: unknown,
  encodingOrCallback?: Encoding | Callback,
  callback?: Callback | null,
): SendingResponse {
  let chunk = chunkOrCallback
  let finished = callbackOf(encodingOrCallback, callback)
  if (typeof chunk === 'function') {
    finished = chunk as Callback
    chunk = null
  }
  // As node:http: `end('')` ends without a chunk.
  const given = Boolean(chunk)
  if (given) checkChunk(chunk)
  if (this.finished) {
    if (given) refuse(this, finished)
    else if (finished !== null) queueEndCallback(this, finished)
    return this
  }
  if (this.destroyed) {
    this.finished = true
    if (finished !== null) process.nextTick(finished, streamDestroyed('end'))
    return this
  }
  const sending = this.tsgiSending
  const bytes = given ? toChunk(chunk as string | Uint8Array, encodingOf(encodingOrCallback)) : ''
  if (this.strictContentLength) count(this, sending, bytes, true)
  // As node:http: a head that was made before the end says nothing of a length, so its body may have trailers.
  if (this._header) sending.chunked ||= sending.trailers !== null && sending.declaredLength === null
  else this.writeHead(this.statusCode)
  if (finished !== null) queueEndCallback(this, finished)

  const { owner } = sending
  this.finished = true
  this.writableNeedDrain = false
  if (sending.bodyless) {
    owner.delivery.whole(null)
  } else if (sending.inPieces || sending.chunked) {
    const { trailers } = sending
    if (trailers !== null) owner.server.trailers?.(() => trailers)
    if (bytes.length > 0) owner.delivery.write(bytes, null)
    else owner.delivery.flush()
    owner.delivery.end()
  } else {
    owner.delivery.whole(bytes.length === 0 ? null : bytes)
  }
  owner.ended()
  this.emit('prefinish')
  return this
}

function destroy(this: SendingResponse, error?: Error): SendingResponse {
  if (this.destroyed) return this
  this.destroyed = true
  this.errored = error ?? null
  this.tsgiSending.owner.socket.destroy(error)
  return this
}

const callbackOf = (first: Encoding | Callback, second: Callback | null | undefined): Callback | null => {
  if (typeof first === 'function') return first
  return typeof second === 'function' ? second : null
}

const encodingOf = (given: Encoding | Callback): Encoding => (typeof given === 'function' ? null : given)

function checkChunk(chunk: unknown): asserts chunk is string | Uint8Array {
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) return
  if (chunk === null) throw nodeError('ERR_STREAM_NULL_VALUES', 'May not write null values to stream', TypeError)
  throw nodeError(
    'ERR_INVALID_ARG_TYPE',
    `The "chunk" argument must be of type string or an instance of Buffer or Uint8Array. Received ${typeof chunk}`,
    TypeError,
  )
}

/** A string stays one where it means UTF-8, which is what TSGI sends it as. */
const toChunk = (chunk: string | Uint8Array, encoding: Encoding): Chunk =>
  typeof chunk !== 'string' || !encoding || encoding === 'utf8' || encoding === 'utf-8'
    ? chunk
    : Buffer.from(chunk, encoding)

/** The error goes to the callback and, unless the response is destroyed, to its `error` listeners; not to the caller. */
function refuse(response: SendingResponse, callback: Callback | null): void {
  const error = response.finished ? writeAfterEnd() : streamDestroyed('write')
  const { destroyed } = response
  process.nextTick(() => {
    callback?.(error)
    // Having finished meanwhile, it may count as destroyed, too; that is no reason for silence.
    if (destroyed || (response.destroyed && !response.writableFinished)) return
    if (response.listenerCount('error') > 0) response.emit('error', error)
    else response.tsgiSending.owner.failed(error)
  })
}

function queueEndCallback(response: SendingResponse, callback: Callback): void {
  if (response.writableFinished) {
    callback(nodeError('ERR_STREAM_ALREADY_FINISHED', 'Cannot call end after a stream was finished'))
    return
  }
  const sending = response.tsgiSending
  sending.endCallbacks ??= []
  sending.endCallbacks.push(callback)
}

/** @throws NodeError `ERR_HTTP_CONTENT_LENGTH_MISMATCH` where the body and its declared length part ways */
function count(response: SendingResponse, sending: Sending, bytes: Chunk, last: boolean): void {
  const declared = sending.declaredLength ?? Number(response.getHeader('content-length') ?? Number.NaN)
  const written = sending.written + Buffer.byteLength(bytes)
  const wrong = last ? written !== declared : written > declared
  if (!Number.isNaN(declared) && !sending.bodyless && wrong) {
    throw nodeError(
      'ERR_HTTP_CONTENT_LENGTH_MISMATCH',
      `Response body's content-length of ${written} byte(s) does not match the content-length of ${declared} byte(s) set in header`,
    )
  }
  sending.written = written
}

/** Each is called on a response. */
export const bodyMethods: {
  readonly write: typeof write
  readonly end: typeof end
  readonly destroy: typeof destroy
} = { write, end, destroy }
