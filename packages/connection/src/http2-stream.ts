/** One request of an HTTP/2 connection and its response: carries an exchange on a stream of `node:http2`'s core API. */
import type { ServerHttp2Stream } from 'node:http2'
import { developmentPage } from '@tsgi/error-page'
import {
  BodyError,
  type Carrier,
  ClientGoneError,
  EMPTY_INPUT,
  type ErrorPageMaker,
  Exchange,
  UNKNOWN_LENGTH,
} from '@tsgi/exchange'
import { bytesPassed } from '@tsgi/exchange/body-memory'
import type { Chunk, HeaderList, Input } from '@tsgi/spec'
import type { Logger } from '@tsgi/spec/server'
import type { ConnectionHost } from './connection-host.ts'
import { Http2Body } from './http2-body.ts'
import { CANCEL, INTERNAL_ERROR, NO_ERROR } from './http2-errors.ts'
import {
  http2Block,
  type Http2Fields,
  http2Head,
  prepareHttp2Fields,
  prepareHttp2Trailers,
  TAKES_LISTS,
} from './http2-fields.ts'
import type { Http2Request } from './http2-request.ts'
import { Http2Writer } from './http2-writer.ts'

export type Http2Exchange = Exchange<Http2Fields, Http2Request>

export class Http2Stream implements Carrier<Http2Fields, Http2Request> {
  readonly exchange: Http2Exchange
  readonly input: Input
  /** Of the response, in milliseconds of `performance.now()`; 0 where it goes with the last one, or nobody asks. */
  firstByteAt = 0
  readonly #host: ConnectionHost
  readonly #stream: ServerHttp2Stream
  readonly #body: Http2Body | null
  readonly #writer: Http2Writer
  /** The fields behind the body; `null` until it has ended, and where none can follow. */
  #trailers: Http2Fields | 'none' | null = null
  /** Its end is sent by {@link ServerHttp2Stream.sendTrailers}, after the stream's writable side has finished. */
  #endsByTrailers = false
  #departed = false
  /** It was closed, and has not gone yet; in the clock's milliseconds. */
  #closedAt = -1
  // As the clock saw them last.
  #takenBefore = 0
  #takenAt: number

  /** @param finished called once, when the response is out or lost */
  constructor(host: ConnectionHost, stream: ServerHttp2Stream, request: Http2Request, finished: () => void) {
    this.#host = host
    this.#stream = stream
    this.exchange = new Exchange<Http2Fields, Http2Request>(this, request)
    this.#takenAt = host.clock.now
    this.#writer = new Http2Writer(stream, () => this.exchange.resume())
    this.#body =
      request.bodyLength === 0 ? null : new Http2Body(stream, request.expectContinue, host.clock, host.settings.limits)
    this.input = this.#body?.input ?? EMPTY_INPUT
    stream.on('aborted', () => this.#clientLeft('the client reset the stream'))
    stream.on('close', () => {
      if (!this.exchange.whole || !stream.writableFinished) this.#clientLeft('the client left')
      this.exchange.finished()
      finished()
    })
  }

  get log(): Logger {
    return this.#host.settings.log
  }

  get developmentPage(): ErrorPageMaker | null {
    return this.#host.settings.development ? developmentPage : null
  }

  prepare(headers: HeaderList, status: number): Http2Fields {
    return prepareHttp2Fields(headers, status)
  }

  prepareTrailers(trailers: HeaderList): Http2Fields {
    return prepareHttp2Trailers(trailers)
  }

  /** A stream notices each departure. */
  watch(): void {}

  watchDraining(): boolean {
    return this.#host.draining
  }

  interim(fields: Http2Fields): void {
    if (this.#isOver) return
    this.#stream.additionalHeaders({ ':status': 103, ...http2Block(fields.list) })
  }

  whole(exchange: Http2Exchange, length: number, content: Chunk | readonly Chunk[]): void {
    if (!this.#isOver) {
      if (length <= 0 || !exchange.takesBody) {
        this.#respond(length, { endStream: true })
      } else {
        this.#respond(length, undefined)
        this.#giveWhole(content)
      }
    }
    this.#responded()
  }

  head(exchange: Http2Exchange): void {
    if (this.#isOver) return
    if (this.#host.timed) this.firstByteAt = performance.now()
    const declared = exchange.contentLength(UNKNOWN_LENGTH) >= 0
    if (!exchange.takesBody) this.#respond(UNKNOWN_LENGTH, { endStream: true })
    else if (declared) this.#respond(UNKNOWN_LENGTH, undefined)
    else this.#respondBeforeTrailers()
    this.#stream.on('drain', () => this.#writer.drained())
  }

  chunk(chunk: Chunk): void {
    if (this.#isOver) return
    this.#send(chunk)
  }

  end(_exchange: Http2Exchange, trailers: Http2Fields | null): void {
    this.#trailers = trailers ?? 'none'
    if (!this.#isOver) this.#writer.end()
    this.#responded()
  }

  breakOff(): void {
    this.#body?.input.fail(new BodyError(400, 'the response broke off; the rest of the body is not read'))
    this.#stream.close(INTERNAL_ERROR)
  }

  giveUp(_exchange: Http2Exchange, why: ClientGoneError): void {
    this.reset(why.message)
  }

  /** No request of HTTP/2 offers one. */
  upgrade(): void {
    this.reset('HTTP/2 has no upgrade')
  }

  get blocked(): boolean {
    return this.#writer.blocked
  }

  /** The library sends what was written in a turn of the event loop at its end. */
  flush(): void {}

  flushSoon(): void {}

  trackCall(call: PromiseLike<unknown>): void {
    this.#host.trackCall(call)
  }

  trackClosing(closing: PromiseLike<unknown>): void {
    this.#host.trackClosing(closing)
  }

  // From the connection

  /** Ends it at once, because of the client. */
  reset(why: string): void {
    this.#clientLeft(why)
    this.#stream.close(CANCEL)
  }

  /**
   * Looks at the stream's deadlines.
   *
   * @returns whether not even a reset can leave: the client does not read the connection
   */
  tick(now: number): boolean {
    const { timeouts } = this.#host.settings
    const slow = this.#body?.complaint(now, timeouts) ?? null
    if (slow !== null) this.#body?.input.fail(new BodyError(408, slow))
    const { queued, taken } = this.#writer
    if (this.#isOver) {
      if (this.#closedAt < 0) {
        this.#closedAt = now
        this.#body?.discard()
      }
      return timeouts.write > 0 && now - this.#closedAt >= timeouts.write
    }
    // The end of a response takes no room, and still waits for the client's window.
    if ((queued === 0 && !this.exchange.over) || taken !== this.#takenBefore) {
      this.#takenBefore = taken
      this.#takenAt = now
    } else if (timeouts.write > 0 && now - this.#takenAt >= timeouts.write) {
      this.reset(`the client took nothing of the response for ${timeouts.write} ms`)
    }
    return false
  }

  /** Nothing more can be sent. */
  get #isOver(): boolean {
    return this.#stream.destroyed || this.#stream.closed
  }

  #respond(
    length: number,
    options: { readonly endStream: true } | { readonly waitForTrailers: true } | undefined,
  ): void {
    const { exchange } = this
    const { status } = exchange
    const { serverHeader } = this.#host.settings
    const head = http2Head(status, exchange.fields as Http2Fields, exchange.contentLength(length), serverHeader)
    this.#stream.respond(TAKES_LISTS ? head : http2Block(head), options)
  }

  /** Whether trailers follow is known only when the body has ended. */
  #respondBeforeTrailers(): void {
    const stream = this.#stream
    this.#respond(UNKNOWN_LENGTH, { waitForTrailers: true })
    this.#endsByTrailers = true
    stream.on('wantTrailers', () => {
      if (this.#isOver) return
      const trailers = this.#trailers
      stream.sendTrailers(trailers === null || trailers === 'none' ? {} : http2Block(trailers.list))
      // The library hands them over in a turn of its own; a reset would pass them by.
      setImmediate(() => this.#stopRest())
    })
  }

  #giveWhole(content: Chunk | readonly Chunk[]): void {
    if (typeof content === 'string') {
      this.#writer.writeLast(content)
    } else if (content instanceof Uint8Array) {
      bytesPassed(content.length)
      this.#writer.writeLast(content)
    } else {
      for (const chunk of content) this.#send(chunk)
      this.#writer.end()
    }
  }

  #send(chunk: Chunk): void {
    if (typeof chunk !== 'string') bytesPassed(chunk.length)
    this.#writer.write(chunk)
  }

  /** Every byte of the response was given out. */
  #responded(): void {
    const body = this.#body
    if (body === null) return
    body.input.close()
    if (this.#endsByTrailers && !this.#isOver) return
    if (this.#stream.writableFinished) this.#stopRest()
    else this.#stream.once('finish', () => this.#stopRest())
  }

  /** 9113 §8.1: once the response is out, the rest of the request is not wanted. */
  #stopRest(): void {
    const body = this.#body
    const stream = this.#stream
    if (body === null || stream.readableEnded) return
    setImmediate(() => {
      stream.close(NO_ERROR)
      body.discard()
    })
  }

  #clientLeft(why: string): void {
    const { exchange } = this
    if (this.#departed) return
    // Our own reset, of a response that broke off.
    if (exchange.over && !exchange.whole && exchange.failure !== null) return
    this.#departed = true
    const gone = new ClientGoneError(why)
    this.#body?.input.fail(new BodyError(400, 'the client left before the body was complete'))
    exchange.abandon(gone)
    exchange.lost(gone)
  }
}
