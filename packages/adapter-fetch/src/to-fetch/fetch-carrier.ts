/** Carries an exchange to a fetch host: the response as a `Response`, a body in pieces as its stream. */
import {
  BodyError,
  type Carrier,
  type CheckedFields,
  checkTrailers,
  ClientGoneError,
  encodeUtf8,
  type Exchange,
  type ExchangeRequest,
  fieldPreparer,
  RequestInput,
  UNKNOWN_LENGTH,
  withContentLength,
} from '@tsgi/exchange'
import type { Chunk, ErrorStream, HeaderList, Input } from '@tsgi/spec'
import type { Logger } from '@tsgi/spec/server'
import { concatBytes } from '../concat-bytes.ts'
import { toHeaders } from '../header-fields.ts'
import { OutgoingStream } from './outgoing-stream.ts'

type FetchExchange = Exchange<CheckedFields, ExchangeRequest>

/** What a host on which work may end with the response passes as third argument. */
export interface HostContext {
  waitUntil?(promise: Promise<unknown>): void
}

/** nginx's number for a client that left before there was an answer; nobody receives it. */
const CLIENT_GONE = 499

const prepare = fieldPreparer((fields) => fields)

export class FetchCarrier implements Carrier<CheckedFields, ExchangeRequest> {
  readonly log: Logger
  readonly developmentPage = null
  readonly #request: Request
  readonly #host: HostContext | undefined
  readonly #draining: AbortSignal | undefined
  #drainBegan: (() => void) | null = null
  #exchange: FetchExchange | null = null
  /** Absent where the request has no body. */
  #input: RequestInput | null = null
  #response: Response | null = null
  /** The host waits for the response. */
  #pending: PromiseWithResolvers<Response> | null = null
  /** Resolves at the end, where the host waits for it. */
  readonly #ended: PromiseWithResolvers<void> | null
  #stream: OutgoingStream | null = null
  #finished = false
  #watching = false

  /** @param draining of the host, where it gives one */
  constructor(request: Request, errors: ErrorStream, host: HostContext | undefined, draining: AbortSignal | undefined) {
    this.#draining = draining
    this.#request = request
    this.#host = host
    this.log = (_, message, fields) => errors.write(`${message}: ${described(fields?.['error'])}\n`)
    this.#ended = host?.waitUntil === undefined ? null : Promise.withResolvers()
    if (this.#ended !== null) host?.waitUntil?.(this.#ended.promise)
  }

  /** Runs the exchange. The response is there at once where the application gave its body at once. */
  carry(exchange: FetchExchange, input: Input, run: () => void): Promise<Response> {
    this.#exchange = exchange
    if (input instanceof RequestInput) this.#input = input
    run()
    if (this.#response === null) this.watch()
    if (this.#response !== null) return Promise.resolve(this.#response)
    this.#pending = Promise.withResolvers()
    return this.#pending.promise
  }

  prepare(headers: HeaderList, status: number): CheckedFields {
    return prepare(headers, status)
  }

  prepareTrailers(trailers: HeaderList): CheckedFields {
    return checkTrailers(trailers)
  }

  /** Listening to the host's signal makes some hosts create it, so it is done where a response takes its time, or is asked for. */
  watch(): void {
    if (this.#watching) return
    this.#watching = true
    const { signal } = this.#request
    if (signal.aborted) this.#leave(signal.reason)
    else signal.addEventListener('abort', () => this.#leave(signal.reason), { once: true })
  }

  watchDraining(): boolean | null {
    const signal = this.#draining
    if (signal === undefined) return null
    if (!signal.aborted && !this.#finished) {
      this.#drainBegan = () => this.#exchange?.drainBegan()
      signal.addEventListener('abort', this.#drainBegan, { once: true })
    }
    return signal.aborted
  }

  interim(): void {}

  whole(exchange: FetchExchange, length: number, content: Chunk | readonly Chunk[]): void {
    this.#respond(exchange, exchange.takesBody ? wholeBody(content) : null, length)
    this.#finish(exchange)
  }

  head(exchange: FetchExchange): void {
    if (!exchange.takesBody) {
      this.#respond(exchange, null, UNKNOWN_LENGTH)
      return
    }
    this.watch()
    this.#stream = new OutgoingStream({
      onRoom: () => exchange.resume(),
      onTaken: () => this.#finish(exchange),
      onCancel: (reason) => this.#leave(reason),
    })
    this.#respond(exchange, this.#stream.stream, UNKNOWN_LENGTH)
  }

  chunk(chunk: Chunk): void {
    this.#stream?.push(typeof chunk === 'string' ? encodeUtf8(chunk) : chunk)
  }

  end(exchange: FetchExchange): void {
    if (this.#stream === null) this.#finish(exchange)
    else this.#stream.end()
  }

  breakOff(exchange: FetchExchange): void {
    if (this.#stream === null) this.#finish(exchange)
    else this.#stream.breakOff(exchange.failure)
  }

  giveUp(_exchange: FetchExchange, why: ClientGoneError): void {
    this.#leave(why)
  }

  /** Never called: {@link makeContext} gives fetch applications no `upgrade`. */
  upgrade(exchange: FetchExchange): void {
    this.breakOff(exchange)
  }

  get blocked(): boolean {
    return this.#stream?.full ?? false
  }

  /** A stream's chunks are the host's at once. */
  flush(): void {}

  flushSoon(): void {}

  trackCall(call: PromiseLike<unknown>): void {
    this.#host?.waitUntil?.(Promise.resolve(call).catch(() => {}))
  }

  trackClosing(closing: PromiseLike<unknown>): void {
    this.#host?.waitUntil?.(Promise.resolve(closing))
  }

  #respond(
    exchange: FetchExchange,
    body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null,
    known: number,
  ): void {
    const { status } = exchange
    const fields = withContentLength(exchange.fields as CheckedFields, exchange.contentLength(known))
    this.#settle(new Response(body, { status, headers: toHeaders(fields) }))
  }

  #settle(response: Response): void {
    this.#response = response
    this.#pending?.resolve(response)
  }

  /** The host reads no more, or its client has left. */
  #leave(reason: unknown): void {
    const exchange = this.#exchange
    if (exchange === null || this.#finished) return
    const gone = new ClientGoneError('the client left before the response was complete', { cause: reason })
    this.#input?.fail(new BodyError(400, gone.message))
    exchange.abandon(gone)
    exchange.lost(gone)
    // What the host still reads of a request that it aborted breaks off.
    this.#stream?.abort(gone)
    if (this.#response === null) this.#settle(new Response(null, { status: CLIENT_GONE }))
    this.#finish(exchange)
  }

  #finish(exchange: FetchExchange): void {
    this.#finished = true
    // I.9
    this.#input?.close()
    if (this.#drainBegan !== null) this.#draining?.removeEventListener('abort', this.#drainBegan)
    exchange.finished()
    this.#ended?.resolve()
  }
}

/** A whole body stays one piece, so that hosts can send it with its head. */
function wholeBody(content: Chunk | readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
  return concatBytes(
    parts.map((part) => (typeof part === 'string' ? encodeUtf8(part) : part)),
  ) as Uint8Array<ArrayBuffer>
}

const described = (error: unknown): string => (error instanceof Error ? (error.stack ?? String(error)) : String(error))
