import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Environ, HeaderList } from '@tsgi/spec'
import type { ClientSocket } from './client-socket.ts'
import { abortSignal, isRefused, readBody } from './request-body.ts'
import type { RequestBody, RequestOwner, RequestWithBody } from './request-with-body.ts'

/**
 * `http.IncomingMessage` over an environ. Express puts its own prototype under each request, so what differs from Node's
 * class is set on the instance: `_read` and `_destroy`, where a Readable lets its maker in (decisions/0001).
 */
export type NodeRequest = RequestWithBody
export type NodeRequestClass = new (socket: ClientSocket, environ: Environ, owner: RequestOwner) => NodeRequest

/** The same over a class of the application's own. */
export function nodeRequestOver(Base: new (socket: Socket) => IncomingMessage): NodeRequestClass {
  return class extends Base implements RequestWithBody {
    readonly tsgiBody: RequestBody
    declare readonly _addHeaderLines: (list: HeaderList, count: number) => void
    declare readonly _dump: () => void
    declare readonly _dumpAndCloseReadable: (() => void) | undefined
    declare readonly _consuming: boolean
    declare readonly _dumped: boolean

    constructor(socket: ClientSocket, environ: Environ, owner: RequestOwner) {
      super(socket as unknown as Socket)
      this.method = environ.requestMethod
      const query = environ.queryString === '' ? '' : `?${environ.queryString}`
      this.url = (environ.pathInfo || '/') + query
      const { major, minor } = VERSIONS[environ.serverProtocol] ?? HTTP_1_1
      this.httpVersionMajor = major
      this.httpVersionMinor = minor
      this.httpVersion = `${major}.${minor}`
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
        owner,
        state: announcesBody(environ.headers) ? 'open' : 'absent',
        reading: false,
        failure: null,
        sparesResponse: false,
        dumped: 0,
      }
      this._read = read
      this._destroy = destroyRequest
    }
  }
}

export const NodeRequest: NodeRequestClass = nodeRequestOver(IncomingMessage)

interface Version {
  readonly major: number
  readonly minor: number
}

const HTTP_1_1: Version = { major: 1, minor: 1 }

/** As Node has them: HTTP/2 is 2.0. */
const VERSIONS: Readonly<Record<string, Version>> = {
  'HTTP/1.1': HTTP_1_1,
  'HTTP/1.0': { major: 1, minor: 0 },
  'HTTP/2': { major: 2, minor: 0 },
  'HTTP/3': { major: 3, minor: 0 },
}

function announcesBody(headers: HeaderList): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === 'transfer-encoding') return true
    if (headers[i] === 'content-length') return headers[i + 1] !== '0'
  }
  return false
}

function read(this: NodeRequest, size: number): void {
  readBody(this, size)
}

/** As Node's own, but that a request may be aborted whose connection is still good for a response. */
function destroyRequest(this: NodeRequest, error: Error | null, done: (error?: Error | null) => void): void {
  const { owner, sparesResponse, state } = this.tsgiBody
  if (!isRefused(this.tsgiBody, error) && (!this.readableEnded || !this.complete)) {
    this.aborted = true
    this.emit('aborted')
    abortSignal(this)
    // `stream.destroy` and iterators take the socket away before they destroy a request: that spares the response.
    const socket = this.socket as unknown as ClientSocket | null
    if (socket !== null && !socket.destroyed && !sparesResponse) socket.destroy(error ?? undefined)
  }
  if (state === 'open') owner.bodyOver()
  process.nextTick(reportDestroyed, this, error, done)
}

/** As Node: an error that nobody listens for is none. */
function reportDestroyed(request: NodeRequest, error: Error | null, done: (error?: Error | null) => void): void {
  if (error !== null && request.listenerCount('error') > 0) done(error)
  else done()
}
