/** Carries exchanges in FastCGI records: head and body as the stream STDOUT, and END_REQUEST behind them. */
import {
  endRequest,
  type FastCgiParser,
  LONGEST_CONTENT,
  record,
  recordHead,
  REQUEST_COMPLETE,
  STDOUT,
  stream,
} from '@tsgi/cgi'
import { developmentPage } from '@tsgi/error-page'
import { type ClientGoneError, type ErrorPageMaker, UNKNOWN_LENGTH } from '@tsgi/exchange'
import { bytesPassed } from '@tsgi/exchange/body-memory'
import type { RequestHead } from '@tsgi/http1'
import { type Chunk, type Environ, type HeaderList, type Input, statusReason } from '@tsgi/spec'
import type { Logger } from '@tsgi/spec/server'
import type { CarrierOwner } from '../carrier-owner.ts'
import type { ConnectionFacts } from '../environ.ts'
import { prepareFields, prepareTrailerFields } from '../http1-carrier.ts'
import type { HttpExchange, WrittenFields } from '../http-exchange.ts'
import type { ResponseCarrier } from '../wire.ts'
import { gatewayEnviron } from './gateway-environ.ts'

export class FastCgiCarrier implements ResponseCarrier {
  readonly #owner: CarrierOwner
  readonly #parser: FastCgiParser
  keepAlive = false
  readonly namesClient = true
  /** nginx takes the end of a connection without END_REQUEST for the end of the response; a reset it notices. */
  readonly endsWithConnection = true

  constructor(owner: CarrierOwner, parser: FastCgiParser) {
    this.#owner = owner
    this.#parser = parser
  }

  get log(): Logger {
    return this.#owner.writing.host.settings.log
  }

  get developmentPage(): ErrorPageMaker | null {
    return this.#owner.writing.host.settings.development ? developmentPage : null
  }

  begin({ keepAlive }: RequestHead): void {
    this.keepAlive = keepAlive
  }

  dropKeepAlive(): void {
    this.keepAlive = false
  }

  environ(request: RequestHead, facts: ConnectionFacts, input: Input, exchange: HttpExchange): Environ {
    return gatewayEnviron(request, facts, this.#owner.writing.host, input, exchange)
  }

  prepare(headers: HeaderList, status: number): WrittenFields {
    return prepareFields(headers, status)
  }

  prepareTrailers(trailers: HeaderList): WrittenFields {
    return prepareTrailerFields(trailers)
  }

  watch(): void {}

  watchDraining(): boolean {
    return this.#owner.writing.host.draining
  }

  /** No gateway passes them on. */
  interim(): void {}

  whole(exchange: HttpExchange, length: number, content: Chunk | readonly Chunk[]): void {
    const head = this.#headText(exchange, length)
    const body = length > 0 && exchange.takesBody
    if (body && typeof content === 'string') {
      this.#text(head + content)
    } else {
      this.#text(head)
      if (body) {
        for (const chunk of Array.isArray(content) ? (content as readonly Chunk[]) : [content as Chunk])
          this.chunk(chunk)
      }
    }
    this.end(exchange)
  }

  head(exchange: HttpExchange): void {
    this.#owner.firstByteLeaves()
    this.#text(this.#headText(exchange, UNKNOWN_LENGTH))
  }

  chunk(chunk: Chunk): void {
    if (typeof chunk === 'string') {
      this.#text(chunk)
      return
    }
    const { outbox } = this.#owner.writing
    for (let at = 0; at < chunk.length; at += LONGEST_CONTENT) {
      const part = at === 0 && chunk.length <= LONGEST_CONTENT ? chunk : chunk.subarray(at, at + LONGEST_CONTENT)
      outbox.text(recordHead(STDOUT, this.#parser.requestId, part.length))
      outbox.bytes(part)
    }
    bytesPassed(chunk.length)
  }

  end(exchange: HttpExchange): void {
    const { requestId } = this.#parser
    // Where not even a request has begun, there is nothing that could be answered.
    if (requestId > 0) {
      this.#owner.writing.outbox.text(record(STDOUT, requestId, '') + endRequest(requestId, REQUEST_COMPLETE))
    }
    if (this.keepAlive && this.#owner.mustClose(true)) this.keepAlive = false
    this.#parser.answered()
    this.#owner.responseDone(exchange)
  }

  breakOff(exchange: HttpExchange): void {
    this.#owner.responseBroken(exchange)
  }

  giveUp(exchange: HttpExchange, why: ClientGoneError): void {
    this.#owner.clientGone(exchange, why)
  }

  upgrade(): void {
    throw new Error('expected no upgrade: a gateway offers none')
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

  /** RFC 3875 §6.3: a field `Status` where HTTP has a status line. */
  #headText(exchange: HttpExchange, known: number): string {
    const { status } = exchange
    const { lines, hasDate } = exchange.fields as WrittenFields
    const { settings, clock } = this.#owner.writing.host
    const length = exchange.contentLength(known)
    return (
      `Status: ${status} ${statusReason(status)}\r\n${hasDate ? '' : clock.dateLine}${settings.serverLine}${lines}` +
      `${length >= 0 ? `content-length: ${length}\r\n` : ''}\r\n`
    )
  }

  #text(text: string): void {
    const { requestId } = this.#parser
    if (requestId > 0) this.#owner.writing.outbox.text(stream(STDOUT, requestId, text))
  }
}
