import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { isInputError, isPromise, type Bytes, type Environ, type HeaderList, type Input } from '@tsgi/spec'
import type { ClientSocket } from './client-socket.ts'
import { connectionReset } from './node-error.ts'

/** How far the reading of a request's body has come. */
interface RequestBody {
  readonly input: Input
  readonly socket: ClientSocket
  /** The head announces no body. */
  readonly absent: boolean
  /** The listener does not want it: it ends without being read. */
  skipped: boolean
  /** Reading failed, which does not make the response impossible. */
  failed: boolean
  readonly owner: RequestOwner
}

/** What a request needs of the exchange that it belongs to. */
export interface RequestOwner {
  /** Its body could not be read, and the listener does not ask for the error. */
  unreadable(error: unknown): void
}

/**
 * `http.IncomingMessage` over an environ. Express puts its own prototype under each request, so what differs from Node's
 * class is set on the instance: `_read` and `_destroy`, where a Readable lets its maker in (decisions/0001).
 */
export class NodeRequest extends IncomingMessage {
  readonly tsgiBody: RequestBody
  /** Node's own, underscored but long-lived: see decisions/0001. */
  declare readonly _addHeaderLines: (list: HeaderList, count: number) => void
  declare readonly _dump: () => void
  /** Absent in Node 22. */
  declare readonly _dumpAndCloseReadable: (() => void) | undefined
  declare readonly _consuming: boolean

  constructor(socket: ClientSocket, environ: Environ, owner: RequestOwner) {
    super(socket as unknown as Socket)
    this.method = environ.requestMethod
    const query = environ.queryString === '' ? '' : `?${environ.queryString}`
    this.url = (environ.pathInfo || '/') + query
    this.httpVersionMajor = 1
    this.httpVersionMinor = environ.serverProtocol === 'HTTP/1.0' ? 0 : 1
    this.httpVersion = this.httpVersionMinor === 0 ? '1.0' : '1.1'
    // A copy: listeners may write into `rawHeaders`, and an environ's list is not theirs.
    this._addHeaderLines(environ.headers.slice(), environ.headers.length)
    if (environ.scriptName !== '') {
      // As connect and Express mark a request that reached a listener below a prefix.
      const originalUrl = environ.scriptName + environ.pathInfo + query
      Object.assign(this, { baseUrl: environ.scriptName, originalUrl })
    }
    this.tsgiBody = {
      input: environ.input,
      socket,
      absent: !announcesBody(environ.headers),
      skipped: false,
      failed: false,
      owner,
    }
    this._read = readBody
    this._destroy = destroyRequest
  }
}

function announcesBody(headers: HeaderList): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === 'transfer-encoding') return true
    if (headers[i] === 'content-length') return headers[i + 1] !== '0'
  }
  return false
}

/** Called when the listener has returned: by then Node has parsed to the end of a request without a body. */
export function completeWithoutBody(request: NodeRequest): void {
  if (request.tsgiBody.absent) request.complete = true
}

/** The response is out; a body that nobody began to read is the server's to deal with. The listener sees it end. */
export function skipUnreadBody(request: NodeRequest): void {
  if (request._consuming || request.destroyed) return
  const body = request.tsgiBody
  body.skipped = true
  const unseen = request.listenerCount('end') === 0 && request.listenerCount('close') === 0
  if (unseen && request._dumpAndCloseReadable !== undefined) {
    // Nobody would see the events: 0.5 µs less than making them.
    request.complete = true
    request._dumpAndCloseReadable()
    return
  }
  if (body.absent) endBody(request)
  request._dump()
}

const markConsuming = IncomingMessage.prototype._read

function readBody(this: NodeRequest, size: number): void {
  // Node's own bookkeeping; its wish that the socket flow is heard by nobody.
  if (!this._consuming) markConsuming.call(this, size)
  const body = this.tsgiBody
  if (body.absent || body.skipped) {
    endBody(this)
    return
  }
  try {
    const bytes = body.input.read()
    if (isPromise(bytes))
      bytes.then(
        (read) => pushBytes(this, read),
        (error: unknown) => failBody(this, error),
      )
    else pushBytes(this, bytes)
  } catch (error) {
    failBody(this, error)
  }
}

function pushBytes(request: NodeRequest, bytes: Bytes): void {
  if (request.destroyed) return
  request.tsgiBody.socket.touch()
  if (bytes.byteLength === 0) endBody(request)
  else request.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

function endBody(request: NodeRequest): void {
  request.complete = true
  const { trailers } = request.tsgiBody.input
  if (trailers !== null) request._addHeaderLines(trailers.slice(), trailers.length)
  request.push(null)
}

function failBody(request: NodeRequest, error: unknown): void {
  if (request.destroyed) return
  const body = request.tsgiBody
  body.failed = true
  const heard = request.listenerCount('error') > 0
  request.destroy(cutShort(error))
  if (!heard) body.owner.unreadable(error)
}

/** A body cut short has Node's error and the status that the server would answer with; others are passed on. */
function cutShort(error: unknown): Error {
  if (!isInputError(error)) return error instanceof Error ? error : connectionReset()
  if (error.status !== 400) return error
  return Object.assign(connectionReset(), { status: 400, cause: error })
}

function destroyRequest(this: NodeRequest, error: Error | null, done: (error?: Error | null) => void): void {
  const body = this.tsgiBody
  if (!this.readableEnded || !this.complete) {
    this.aborted = true
    this.emit('aborted')
    // `stream.destroy` and iterators take the socket away before they destroy a request: that spares the response.
    const socket = this.socket as unknown as ClientSocket | null
    if (socket !== null && !socket.destroyed && !body.failed) socket.destroy(error ?? undefined)
  }
  process.nextTick(reportDestroyed, this, error, done)
}

/** As Node: an error that nobody listens for is none. */
function reportDestroyed(request: NodeRequest, error: Error | null, done: (error?: Error | null) => void): void {
  if (error !== null && request.listenerCount('error') > 0) done(error)
  else done()
}
