import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Environ, StartResponse } from '@tsgi/spec'
import type { Births } from './births.ts'
import type { ClientSocket, SocketOwner } from './client-socket.ts'
import { Delivery, destroyedByListener, type DeliveryWatcher } from './delivery.ts'
import { watchDeparture, type Waiting } from './departure.ts'
import { publishFinish } from './host-server.ts'
import { connectionReset } from './node-error.ts'
import type { NodeRequest } from './node-request.ts'
import type { NodeResponse } from './node-response.ts'
import { abortRequest, completeWithoutBody, isReadable, readAhead, skipUnreadBody, wantsBody } from './request-body.ts'
import type { RequestOwner } from './request-with-body.ts'
import { socketOf } from './secure-socket.ts'
import type { ResponseOwner } from './sending.ts'

/**
 * How long a listener may go on writing the body of an answer to HEAD, which goes nowhere: long enough to read a file to
 * its end, as on Node, and not for ever, since nobody will tell it that its client has gone.
 */
const END_GRACE = 60_000

/** What the exchanges of one application have in common. */
export interface ExchangeSettings {
  readonly births: Births
  /** What the requests are events of. */
  readonly server: Server
  readonly highWaterMark: number
  readonly unansweredAfter: number
  /** What the log calls the listener. */
  describeListener(request: IncomingMessage): string
}

/**
 * One request and its response: what `node:http` does between a connection and the two objects. It makes the events of
 * their ends, in Node's order.
 */
export class Exchange implements SocketOwner, DeliveryWatcher, RequestOwner, ResponseOwner, Waiting {
  readonly #environ: Environ
  readonly #settings: ExchangeSettings
  readonly server: Environ['server']
  readonly socket: ClientSocket
  readonly delivery: Delivery
  readonly request: NodeRequest
  readonly response: NodeResponse
  #over = false
  #broken = false
  #brokenBy: Error | undefined = undefined
  /** Runs where the server is done with a response that the listener has not ended: one without a body. */
  #endGrace: NodeJS.Timeout | null = null
  /** When the listener had returned without having begun to answer; 0 where it had. */
  #waitingSince = 0

  constructor(environ: Environ, startResponse: StartResponse, settings: ExchangeSettings) {
    const { births } = settings
    this.#environ = environ
    this.#settings = settings
    this.server = environ.server
    this.socket = socketOf(environ, this)
    this.delivery = new Delivery(startResponse, this, settings.highWaterMark)
    this.request = births.request(this.socket, environ, this)
    this.response = births.response(this)
    if (settings.server.timeout > 0) this.socket.setTimeout(settings.server.timeout)
    environ.server.onFinish((error) => this.#settled(error))
  }

  get pendingBytes(): number {
    return this.delivery.pendingBytes
  }

  get bytesWritten(): number {
    return (this.response._header?.length ?? 0) + this.delivery.bytesGiven
  }

  get httpServer(): Server {
    return this.#settings.server
  }

  get isOver(): boolean {
    return this.#over || this.#broken
  }

  get signal(): AbortSignal {
    return this.server.signal
  }

  /**
   * The client has ended its side, or is gone. As EOF alone may be a half-close (SPEC G.4), the response stays possible,
   * and a body that has arrived readable; otherwise the request gets the events of `node:http`.
   */
  clientLeft(): void {
    if (this.isOver) return
    if (!isReadable(this.request)) this.socket.endReading()
    abortRequest(this.request)
  }

  drained(): void {
    if (!this.response.writableNeedDrain) return
    this.response.writableNeedDrain = false
    this.response.emit('drain')
  }

  refused(): void {
    this.#depart()
  }

  get isHead(): boolean {
    return this.request.method === 'HEAD'
  }

  get mayHold(): boolean {
    return this.request.tsgiBody.state === 'open'
  }

  holds(): boolean {
    return !this.socket.destroyed && wantsBody(this.request)
  }

  sent(): void {
    this.#finishSoon()
  }

  get responseFinished(): boolean {
    return this.response.writableFinished
  }

  bodyOver(): void {
    this.delivery.release()
  }

  ended(): void {
    if (this.#endGrace === null) return
    clearTimeout(this.#endGrace)
    this.#finishSoon()
  }

  /** The listener destroyed the response, the connection, or a request that was not read to its end. */
  destroyed(error: Error | undefined): void {
    this.response.destroyed = true
    if (this.#over || this.#broken) return
    if (this.response.finished) {
      // What was ended is with the kernel by then in Node: it is delivered, and the connection ends.
      this.delivery.closeConnection()
      this.delivery.release()
      if (error !== undefined) process.nextTick(() => this.#depart(false))
      return
    }
    this.#broken = true
    this.#brokenBy = error
    if (error !== undefined || this.delivery.begun) {
      this.delivery.fail(error ?? destroyedByListener())
    } else {
      // Node would close the connection without a word; a TSGI application cannot.
      this.delivery.head(500, ['connection', 'close'])
      this.delivery.whole(null)
    }
    process.nextTick(() => this.#depart())
  }

  failed(error: unknown): void {
    if (this.response.finished || this.#over) {
      this.#environ.errors.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      return
    }
    this.socket.destroy(error instanceof Error ? error : new Error(`The listener failed: ${String(error)}`))
  }

  unreadable(error: unknown): void {
    // After the response the server takes no more of a body; who answers early knows.
    if (!this.response.finished) this.failed(error)
  }

  /** The listener threw: the server answers its error, whatever was written before. */
  threw(): void {
    this.#broken = true
  }

  /** The listener has returned. */
  returned(): void {
    completeWithoutBody(this.request)
    if (!this.response.finished) {
      readAhead(this.request)
      watchDeparture(this)
    }
    if (!this.delivery.begun) this.#waitingSince = performance.now()
  }

  /** As the server of `node:http` treats an idle connection: it is destroyed unless somebody listens. */
  timedOut(): void {
    const heardByRequest = !this.request.complete && this.request.emit('timeout', this.socket)
    const heardByResponse = this.response.emit('timeout', this.socket)
    const heardByServer = this.#settings.server.emit('timeout', this.socket as unknown as Socket)
    if (!heardByRequest && !heardByResponse && !heardByServer) this.socket.destroy()
  }

  #settled(error: unknown): void {
    if (error !== undefined || this.#broken) this.#depart()
    else if (this.response.finished) this.#finishSoon()
    else this.#endGrace = setTimeout(() => this.#depart(), END_GRACE).unref()
  }

  /**
   * As in Node on a tick of its own: behind the callbacks of writes, and where the errors of listeners are nobody's to
   * catch. Without listeners it need not wait.
   */
  #finishSoon(): void {
    const { response } = this
    const { endCallbacks, nativeFinish } = response.tsgiSending
    if (endCallbacks === null && nativeFinish === null && response.listenerCount('finish') === 0) this.finish()
    else process.nextTick(finish, this)
  }

  finish(): void {
    if (this.#over) return
    this.#over = true
    const { response } = this
    response.writableFinished = true
    this.#callEndCallbacks(null)
    skipUnreadBody(this.request, this.delivery.held)
    this.socket.release()
    ;(response as { socket: unknown }).socket = null
    const { nativeFinish } = response.tsgiSending
    if (nativeFinish === null) response.emit('finish')
    else nativeFinish()
    publishFinish(this.request, response, this.#settings.server)
    if (response.listenerCount('close') === 0) markClosed(response)
    else process.nextTick(emitClose, response)
  }

  /** @param gone nobody takes what was written */
  #depart(gone = true): void {
    if (this.#over) return
    this.#over = true
    this.socket.close()
    this.#noteUnanswered()
    if (!this.response.finished || gone) this.delivery.abandon()
    const error = this.#brokenBy
    if (error !== undefined && this.socket.listenerCount('error') > 0) this.socket.emit('error', error)
    this.request.destroy(connectionReset())
    this.#callEndCallbacks(connectionReset())
    emitClose(this.response)
    this.socket.emit('close', error !== undefined)
  }

  /** A listener that never answers is seen by nobody else: it has not failed, and its client has gone. */
  #noteUnanswered(): void {
    if (this.#waitingSince === 0 || this.#broken || this.delivery.begun) return
    const waited = performance.now() - this.#waitingSince
    const { unansweredAfter } = this.#settings
    if (unansweredAfter === 0 || waited < unansweredAfter) return
    const { method, url } = this.request
    this.#environ.errors.write(
      `${method} ${url}: the client left after ${(waited / 1000).toFixed(1)} s without an answer; ${this.#settings.describeListener(this.request)} had not begun one\n`,
    )
  }

  #callEndCallbacks(error: Error | null): void {
    const sending = this.response.tsgiSending
    const callbacks = sending.endCallbacks
    sending.endCallbacks = null
    if (callbacks !== null) for (const callback of callbacks) callback(error)
  }
}

const finish = (exchange: Exchange): void => exchange.finish()

function emitClose(response: NodeResponse): void {
  if (response._closed) return
  markClosed(response)
  response.emit('close')
}

function markClosed(response: NodeResponse): void {
  response.destroyed = true
  response._closed = true
}
