/** Carries exchanges on an HTTP/1.1 connection, one at a time: heads, framing, and whether the connection is kept. */
import { developmentPage } from '@tsgi/error-page'
import {
  checkTrailers,
  type CheckedFields,
  type ClientGoneError,
  type ErrorPageMaker,
  fieldPreparer,
  type Services,
  UNKNOWN_LENGTH,
} from '@tsgi/exchange'
import { bytesPassed } from '@tsgi/exchange/body-memory'
import {
  type BodyFraming,
  CHUNK_END,
  chunkHead,
  fieldLines,
  type HeadFacts,
  lastChunk,
  type RequestHead,
  writeInterimHead,
  writeResponseHead,
  writeUpgradeHead,
} from '@tsgi/http1'
import { type Chunk, type Environ, type HeaderList, type Input, statusReason, type UpgradeHandler } from '@tsgi/spec'
import type { Logger } from '@tsgi/spec/server'
import type { CarrierOwner } from './carrier-owner.ts'
import { type ConnectionFacts, makeEnviron } from './environ.ts'
import type { HttpExchange, WrittenFields } from './http-exchange.ts'
import type { ResponseCarrier } from './wire.ts'

const written = ({ list, contentLength, close, hasDate }: CheckedFields): WrittenFields => ({
  lines: fieldLines(list),
  contentLength,
  close,
  hasDate,
})
/** @throws FieldError */
export const prepareFields: (headers: HeaderList, status: number) => WrittenFields = fieldPreparer(written)

/** @throws FieldError */
export const prepareTrailerFields = (trailers: HeaderList): WrittenFields => written(checkTrailers(trailers))

export class Http1Carrier implements ResponseCarrier, HeadFacts {
  readonly #owner: CarrierOwner
  // HeadFacts: what the head of the present response depends on besides the response.
  minorVersion: 0 | 1 = 1
  hasBody = true
  /** The connection may continue after this response, as far as is known. */
  keepAlive = true
  #framing: BodyFraming = 'none'

  constructor(owner: CarrierOwner) {
    this.#owner = owner
  }

  get log(): Logger {
    return this.#owner.writing.host.settings.log
  }

  get developmentPage(): ErrorPageMaker | null {
    return this.#owner.writing.host.settings.development ? developmentPage : null
  }

  /** The next response answers this request. */
  begin({ minorVersion, keepAlive }: RequestHead): void {
    this.minorVersion = minorVersion
    this.keepAlive = keepAlive
    this.#framing = 'none'
  }

  /** The connection ends after this response. */
  dropKeepAlive(): void {
    this.keepAlive = false
  }

  /** Only the end of the connection tells the client that the response is complete. */
  get endsWithConnection(): boolean {
    return this.#framing === 'close'
  }

  get namesClient(): boolean {
    return false
  }

  environ(request: RequestHead, facts: ConnectionFacts, input: Input, exchange: HttpExchange): Environ {
    const protocol = request.minorVersion === 1 ? 'HTTP/1.1' : 'HTTP/1.0'
    return makeEnviron(request, protocol, servicesFor(request), facts, this.#owner.writing.host, input, exchange)
  }

  prepare(headers: HeaderList, status: number): WrittenFields {
    return prepareFields(headers, status)
  }

  prepareTrailers(trailers: HeaderList): WrittenFields {
    return prepareTrailerFields(trailers)
  }

  /** A connection notices each departure. */
  watch(): void {}

  /** The connection tells its exchange. */
  watchDraining(): boolean {
    return this.#owner.writing.host.draining
  }

  interim(fields: WrittenFields): void {
    this.#owner.writing.outbox.text(writeInterimHead(103, 'Early Hints', fields))
    this.#owner.writing.flush()
  }

  whole(exchange: HttpExchange, length: number, content: Chunk | readonly Chunk[]): void {
    const { outbox } = this.#owner.writing
    this.#writeHead(exchange, length)
    if (length > 0 && this.hasBody) {
      if (typeof content === 'string') outbox.text(content)
      else if (content instanceof Uint8Array) this.#sendBytes(content)
      else for (const chunk of content) this.#send(chunk)
    }
    this.#owner.responseDone(exchange)
  }

  head(exchange: HttpExchange): void {
    this.#owner.firstByteLeaves()
    this.#writeHead(exchange, UNKNOWN_LENGTH)
  }

  chunk(chunk: Chunk, size: number): void {
    if (this.#framing !== 'chunked') {
      this.#send(chunk)
    } else if (typeof chunk === 'string') {
      this.#owner.writing.outbox.text(chunkHead(size) + chunk + CHUNK_END)
    } else {
      this.#owner.writing.outbox.text(chunkHead(size))
      this.#sendBytes(chunk)
      this.#owner.writing.outbox.text(CHUNK_END)
    }
  }

  end(exchange: HttpExchange, trailers: WrittenFields | null): void {
    if (this.#framing === 'chunked') this.#owner.writing.outbox.text(lastChunk(trailers?.lines ?? ''))
    this.#owner.responseDone(exchange)
  }

  breakOff(exchange: HttpExchange): void {
    this.#owner.responseBroken(exchange)
  }

  giveUp(exchange: HttpExchange, why: ClientGoneError): void {
    this.#owner.clientGone(exchange, why)
  }

  upgrade(exchange: HttpExchange, protocol: string, fields: WrittenFields, run: UpgradeHandler): void {
    this.#owner.writing.outbox.text(writeUpgradeHead(protocol, fields))
    this.#owner.switchProtocols(exchange, run)
  }

  get blocked(): boolean {
    return this.#owner.writing.outbox.blocked
  }

  flush(): void {
    this.#owner.writing.flush()
  }

  flushSoon(): void {
    this.#owner.flushSoon()
  }

  trackCall(call: PromiseLike<unknown>): void {
    this.#owner.writing.host.trackCall(call)
  }

  trackClosing(closing: PromiseLike<unknown>): void {
    this.#owner.writing.host.trackClosing(closing)
  }

  #writeHead(exchange: HttpExchange, length: number): void {
    if (this.keepAlive && this.#owner.mustClose(length >= 0)) this.keepAlive = false
    this.hasBody = exchange.takesBody
    const { status } = exchange
    const { host, outbox } = this.#owner.writing
    const head = writeResponseHead(
      status,
      statusReason(status),
      exchange.fields as WrittenFields,
      exchange.contentLength(length),
      this,
      host.settings.serverLine,
      host.clock.dateLine,
    )
    this.keepAlive = !head.close
    this.#framing = head.framing
    outbox.text(head.text)
  }

  #send(chunk: Chunk): void {
    if (typeof chunk === 'string') this.#owner.writing.outbox.text(chunk)
    else this.#sendBytes(chunk)
  }

  #sendBytes(bytes: Uint8Array): void {
    this.#owner.writing.outbox.bytes(bytes)
    bytesPassed(bytes.length)
  }
}

function servicesFor({ minorVersion, upgrade, bodyLength }: RequestHead): Services {
  if (minorVersion === 0) return 'basic'
  // 9110 §7.8: the request must have been read whole before another protocol begins.
  return upgrade !== null && bodyLength === 0 ? 'upgrade' : 'full'
}
