/** Carries exchanges on an HTTP/1.1 connection, one at a time: heads, framing, and whether the connection is kept. */
import { developmentPage } from '@tsgi/error-page'
import {
  type Carrier,
  checkTrailers,
  type CheckedFields,
  type ClientGoneError,
  type ErrorPageMaker,
  fieldPreparer,
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
import { type Chunk, type HeaderList, statusReason, type UpgradeHandler } from '@tsgi/spec'
import type { Logger } from '@tsgi/spec/server'
import type { HttpExchange, WrittenFields } from './http-exchange.ts'
import type { Writing } from './writing.ts'

/** Whose responses a carrier writes. */
export interface CarrierOwner {
  readonly writing: Writing
  /** Whether the connection cannot continue after a response that begins now. `whole`: its body is at hand, nothing more will be read. */
  mustClose(whole: boolean): boolean
  /** The head of a response goes out before its body is known whole. */
  firstByteLeaves(): void
  responseDone(exchange: HttpExchange): void
  /** The response must not look complete. */
  responseBroken(exchange: HttpExchange): void
  clientGone(exchange: HttpExchange, why: ClientGoneError): void
  switchProtocols(exchange: HttpExchange, run: UpgradeHandler): void
  flushSoon(): void
}

const written = ({ list, contentLength, close, hasDate }: CheckedFields): WrittenFields => ({
  lines: fieldLines(list),
  contentLength,
  close,
  hasDate,
})
const prepare = fieldPreparer(written)

export class Http1Carrier implements Carrier<WrittenFields, RequestHead>, HeadFacts {
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

  prepare(headers: HeaderList, status: number): WrittenFields {
    return prepare(headers, status)
  }

  prepareTrailers(trailers: HeaderList): WrittenFields {
    return written(checkTrailers(trailers))
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
