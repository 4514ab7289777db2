/**
 * One request and its response: the rules of `startResponse`, of the head that waits for the first byte, and of lengths
 * (SPEC "The response"). What the bytes travel on is the connection's; how a body is pulled is the delivery's.
 *
 *     running ── body given ──▶ delivering ── last byte ──▶ over
 *        │                          │                        ▲
 *        └── error, client gone ────┴────────────────────────┘
 */
import { Buffer } from 'node:buffer'
import {
  CHUNK_END,
  chunkHead,
  type BodyFraming,
  type RequestFacts,
  type RequestHead,
  lastChunk,
  type ResponseFields,
  writeFields,
  writeInterimHead,
  writeResponseHead,
  writeTrailers,
  writeUpgradeHead,
} from '@tsgi/http1'
import { bodyCloser, isInputError, isPromise, statusReason } from '@tsgi/spec'
import type { Application, Body, Chunk, Environ, HeaderList, StartResponse, UpgradeHandler } from '@tsgi/spec'
import { bytesPassed } from '@tsgi/exchange/body-memory'
import { type Delivery, type DeliveryFlow, type DeliverySink, deliver } from './delivery.ts'
import { errorPage } from './error-page.ts'
import type { RequestInput } from './request-input.ts'
import { ClientGoneError, ResponseError, UnfinishedError } from './response-errors.ts'
import type { Settings } from './settings.ts'

/** What an exchange needs of its connection. */
export interface Carrier extends DeliveryFlow {
  readonly settings: Settings
  readonly dateLine: string
  sendText(text: string): void
  sendBytes(bytes: Uint8Array): void
  /** The response has no more bytes. */
  responseDone(exchange: Exchange): void
  /** Whether the connection cannot go on after a response that begins now. `whole`: its body is at hand, nothing more will be read. */
  mustClose(whole: boolean): boolean
  /** The response is broken: the connection must not look as if it were whole. */
  breakOff(exchange: Exchange): void
  /** The application gave up for a client that has ended its side. */
  giveUp(exchange: Exchange, why: ClientGoneError): void
  upgrade(exchange: Exchange, run: UpgradeHandler): void
}

export class Exchange implements RequestFacts, DeliverySink {
  readonly request: RequestHead
  readonly isHead: boolean
  readonly minorVersion: 0 | 1
  /** Whether the connection may go on after this response, as far as is known. */
  keepAlive: boolean
  status = 0
  headSent = false
  /** No byte of the response follows, and nothing of the application is listened to any more. */
  over = false
  /** Bytes of the body that were sent, without framing. */
  bytesSent = 0
  startedAt = 0
  input: RequestInput | null = null
  /** Of the environ, for the access log. */
  remoteAddr: string | null = null
  /** Every byte of the response was given out. */
  whole = false
  /** `null` when it was sent whole. */
  failure: unknown = null
  readonly #carrier: Carrier
  #fields: ResponseFields | null = null
  #framing: BodyFraming = 'none'
  #left = 0
  #delivery: Delivery | null = null
  #produceTrailers: (() => HeaderList) | null = null
  #upgrade: { readonly protocol: string; readonly fields: ResponseFields; readonly run: UpgradeHandler } | null = null
  #controller: AbortController | null = null
  /** The reason of the signal while the response may still be delivered: the client ended its side (G.4). */
  #departure: ClientGoneError | null = null
  #listeners: ((error?: unknown) => void)[] | null = null
  #told = false
  /** What the application promised to return. */
  #result: PromiseLike<Body> | null = null

  constructor(carrier: Carrier, request: RequestHead) {
    this.#carrier = carrier
    this.request = request
    this.isHead = request.method === 'HEAD'
    this.minorVersion = request.minorVersion
    this.keepAlive = request.keepAlive
  }

  /** The response has begun, as far as the application can still change it. */
  get started(): boolean {
    return this.#fields !== null
  }

  /** Only the end of the connection tells the client that the response is complete. */
  get endsWithConnection(): boolean {
    return this.headSent && this.#framing === 'close'
  }

  /** Somebody waits to be told of the end. */
  get observed(): boolean {
    return this.#listeners !== null
  }

  run(application: Application, environ: Environ): void {
    // Its own function for each request: a call that comes late must never answer another request.
    const startResponse: StartResponse = (status, headers, ...replacing) =>
      this.#start(status, headers, replacing.length > 0, replacing[0])
    try {
      const result = application(environ, startResponse)
      if (typeof result === 'object' && isPromise(result)) {
        this.#result = result
        result.then(
          (body) => this.#respondLater(body),
          (error: unknown) => this.fail(error),
        )
      } else {
        this.#respond(result)
      }
    } catch (error) {
      this.fail(error)
    }
  }

  /** Answers without the application. */
  answer(status: number, headers: HeaderList, body: string | null): void {
    this.#fields = writeFields(headers, status)
    this.status = status
    this.#respond(body)
  }

  // Head

  #start(status: number, headers: HeaderList, replacing: boolean, error: unknown): void {
    if (replacing) {
      if (this.headSent) throw error
    } else if (this.#fields !== null) {
      throw new ResponseError('startResponse was called twice; to replace a response, pass the error as third argument')
    }
    if (this.over) {
      if (this.failure instanceof ClientGoneError) return
      throw new ResponseError('startResponse was called after the response was over')
    }
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new ResponseError(`a status is a whole number from 200 to 599; came ${String(status)}`)
    }
    this.#fields = writeFields(headers, status)
    this.status = status
    if (replacing) this.#produceTrailers = null
  }

  /** @param knownLength as in `writeResponseHead` of http1 */
  #sendHead(knownLength: number): void {
    const { settings, dateLine } = this.#carrier
    const fields = this.#fields as ResponseFields
    if (this.keepAlive && this.#carrier.mustClose(knownLength >= 0)) this.keepAlive = false
    const head = writeResponseHead(
      this.status,
      statusReason(this.status),
      fields,
      knownLength,
      this,
      settings.serverLine,
      dateLine,
    )
    this.headSent = true
    this.keepAlive = !head.close
    this.#framing = head.framing
    this.#left = head.length
    this.#carrier.sendText(head.text)
  }

  // Body

  #respondLater(body: Body): void {
    try {
      this.#respond(body)
    } catch (error) {
      this.fail(error)
    }
  }

  #respond(body: Body): void {
    if (this.over) {
      this.#close(body)
      return
    }
    if (this.#upgrade !== null) {
      this.#switchProtocols(body)
    } else if (body === null || typeof body === 'string') {
      this.#respondText(body)
    } else if (body instanceof Uint8Array) {
      this.#respondWhole(body.length, body)
    } else if (isChunkArray(body)) {
      this.#respondArray(body)
    } else if (typeof body === 'function' || (typeof body === 'object' && isIterable(body))) {
      this.#delivery = deliver(this, body, this.#carrier)
    } else {
      this.fail(
        new ResponseError(
          `an application returns null, a string, bytes, an array, an iterable or a function; came ${typeof body}`,
        ),
      )
    }
  }

  #respondText(body: string | null): void {
    if (body === null) {
      // HEAD and 304: what GET would say of its length is not known from nothing.
      const known = this.isHead || this.status === 304 ? -2 : 0
      this.#respondWhole(known, '')
      return
    }
    const length = Buffer.byteLength(body)
    this.#respondWhole(length, body.length === length ? body : Buffer.from(body))
  }

  #respondArray(chunks: readonly Chunk[]): void {
    let length = 0
    for (const chunk of chunks) {
      const size = chunkSize(chunk)
      if (size < 0) return this.fail(badChunk(chunk))
      length += size
    }
    this.#respondWhole(length, chunks)
  }

  /** @param content a string here is ASCII, so it is its own bytes */
  #respondWhole(length: number, content: Chunk | readonly Chunk[]): void {
    if (!this.headSent) {
      const fields = this.#fields
      if (fields === null)
        return this.fail(new UnfinishedError('the application returned a body without calling startResponse'))
      if (fields.contentLength >= 0 && fields.contentLength !== length && this.#takesBody()) {
        return this.fail(
          new ResponseError(`content-length says ${fields.contentLength} bytes, the body has ${Math.max(0, length)}`),
        )
      }
      this.#sendHead(this.#produceTrailers !== null && length >= 0 ? -1 : length)
    }
    if (length > 0 && this.#framing !== 'none') {
      if (typeof content === 'string' || content instanceof Uint8Array) this.#sendChunk(content, length)
      else for (const chunk of content) this.push(chunk)
    }
    if (!this.over) this.end()
  }

  #takesBody(): boolean {
    return !this.isHead && this.status !== 304 && this.status !== 204 && this.status !== 205
  }

  /**
   * The next chunk of a body. Sends the head before the first.
   *
   * @throws ResponseError when there was no `startResponse`, the chunk is none, or the declared length is exceeded
   */
  push(chunk: Chunk): void {
    const size = chunkSize(chunk)
    if (size < 0) throw badChunk(chunk)
    if (size === 0) return
    this.requireHead()
    if (this.#framing === 'none') return
    this.#sendChunk(typeof chunk === 'string' && chunk.length !== size ? Buffer.from(chunk) : chunk, size)
  }

  #sendChunk(chunk: Chunk, size: number): void {
    if (this.#framing === 'length' && size > this.#left) {
      throw new ResponseError(
        `the body exceeds the declared content-length by ${size - this.#left} bytes; they were not sent`,
      )
    }
    const carrier = this.#carrier
    const chunked = this.#framing === 'chunked'
    if (chunked) carrier.sendText(chunkHead(size))
    if (typeof chunk === 'string') carrier.sendText(chunked ? chunk + CHUNK_END : chunk)
    else {
      carrier.sendBytes(chunk)
      bytesPassed(size)
      if (chunked) carrier.sendText(CHUNK_END)
    }
    this.#left -= size
    this.bytesSent += size
  }

  /** Sends the head if it has not gone; the body's length is not known then. */
  requireHead(): void {
    if (this.headSent) return
    if (this.#fields === null) throw new UnfinishedError('a body came before startResponse was called')
    this.#sendHead(-1)
  }

  /** A body that is not wanted: HEAD, 204, 304. It is closed without being pulled further. */
  get discardsBody(): boolean {
    if (this.headSent) return this.#framing === 'none'
    return this.#fields !== null && !this.#takesBody()
  }

  /** The body has ended as it should. */
  end(): void {
    if (this.over) return
    try {
      this.requireHead()
      if (this.#framing === 'length' && this.#left > 0) {
        throw new UnfinishedError(`the body is ${this.#left} bytes shorter than its content-length`)
      }
      if (this.#framing === 'chunked') {
        this.#carrier.sendText(lastChunk(this.#produceTrailers === null ? '' : writeTrailers(this.#produceTrailers())))
      }
    } catch (error) {
      this.fail(error)
      return
    }
    this.over = true
    this.whole = true
    this.#carrier.responseDone(this)
  }

  // Failure

  /** The application failed, or a rule was broken. Before the head this is an answer, after it the end of the connection. */
  fail(thrown: unknown): void {
    const error = thrown ?? new ResponseError(`the application threw ${String(thrown)}`)
    if (this.over) {
      // What broke the response comes back from those who were told of it.
      if (error === this.failure) return
      if (!(error instanceof ClientGoneError) && !(this.failure instanceof ClientGoneError)) {
        this.#log('an error after the response was over', error)
      }
      return
    }
    if (this.#departure !== null && isBecauseOf(error, this.#departure)) {
      this.#carrier.giveUp(this, this.#departure)
      return
    }
    const bodyError = isInputError(error) ? error : null
    if (bodyError === null) this.#log('the application failed', error)
    this.#stopDelivery()
    if (this.headSent) {
      this.failure = error
      this.over = true
      this.#carrier.breakOff(this)
      return
    }
    this.#produceTrailers = null
    this.#upgrade = null
    if (bodyError !== null) this.keepAlive = false
    const { settings } = this.#carrier
    const page = errorPage(bodyError?.status ?? 500, error, this.request, settings.development)
    this.failure = error
    this.answer(page.status, page.headers, page.body)
  }

  /** The client ended its side. It may have left, or wait for the response, which is still delivered to it (G.4). */
  clientEnded(): void {
    if (this.over || this.#departure !== null) return
    this.#departure = new ClientGoneError('the client ended its side of the connection')
    this.#controller?.abort(this.#departure)
  }

  /** The client left. Everybody is told, once; nothing more is sent. */
  abandon(error: ClientGoneError): void {
    if (this.over) return
    this.over = true
    this.failure = error
    // Its application may be at work still, and what it returns is to be closed (G.6).
    if (this.#result !== null) this.#carrier.trackCall(this.#result)
    this.#controller?.abort(error)
    this.#stopDelivery()
  }

  #stopDelivery(): void {
    const delivery = this.#delivery
    this.#delivery = null
    delivery?.stop()
  }

  /** There is room again. */
  resume(): void {
    this.#delivery?.resume()
  }

  #close(body: Body): void {
    try {
      const result = bodyCloser(body)?.()
      if (typeof result === 'object' && isPromise(result)) this.#trackClose(result)
    } catch (error) {
      this.#log('closing a body failed', error)
    }
  }

  /** Closes a body that was delivered, or will not be. */
  close(body: Body): void {
    this.#close(body)
  }

  #trackClose(closing: PromiseLike<unknown>): void {
    this.#carrier.trackClosing(closing.then(undefined, (error: unknown) => this.#log('closing a body failed', error)))
  }

  #log(message: string, error: unknown): void {
    const { method, path } = this.request
    this.#carrier.settings.log('error', `${message}: ${method} ${path}`, { error })
  }

  // Services

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    const reason = this.#departure ?? this.failure
    if (reason instanceof ClientGoneError) this.#controller.abort(reason)
    return this.#controller.signal
  }

  onFinish(listener: (error?: unknown) => void): void {
    if (this.#told) {
      this.#tell(listener)
      return
    }
    this.#listeners ??= []
    this.#listeners.push(listener)
  }

  /** The response is out, or will never be. */
  finished(): void {
    this.#told = true
    const listeners = this.#listeners
    this.#listeners = null
    for (const listener of listeners ?? []) this.#tell(listener)
  }

  #tell(listener: (error?: unknown) => void): void {
    try {
      if (this.failure === null) listener()
      else listener(this.failure)
    } catch (error) {
      this.#log('a listener of onFinish failed', error)
    }
  }

  flush(): void {
    if (this.over) return
    if (this.#fields !== null) this.requireHead()
    this.#carrier.flush()
  }

  earlyHints(headers: HeaderList): void {
    const fields = writeFields(headers, 103)
    if (this.headSent || this.over) return
    this.#carrier.sendText(writeInterimHead(103, 'Early Hints', fields))
    this.#carrier.flush()
  }

  trailers(produce: () => HeaderList): void {
    if (typeof produce !== 'function')
      throw new TypeError(`trailers takes a function that gives the fields; came ${typeof produce}`)
    if (this.headSent && this.#framing !== 'chunked') return
    this.#produceTrailers = produce
  }

  upgrade(protocol: string, headers: HeaderList, run: UpgradeHandler): null {
    if (this.#fields !== null || this.over)
      throw new ResponseError('upgrade is called instead of startResponse, not after it')
    if (!this.request.upgrade?.includes(protocol)) {
      throw new ResponseError(
        `the client did not ask for ${JSON.stringify(protocol)}; it asked for ${this.request.upgrade?.join(', ')}`,
      )
    }
    this.#upgrade = { protocol, fields: writeFields(headers, 101), run }
    return null
  }

  #switchProtocols(body: Body): void {
    const upgrade = this.#upgrade
    if (upgrade === null) return
    if (body !== null) {
      this.#close(body)
      this.fail(new ResponseError('after upgrade an application returns its result, null'))
      return
    }
    this.#carrier.sendText(writeUpgradeHead(upgrade.protocol, upgrade.fields))
    this.headSent = true
    this.status = 101
    this.#carrier.upgrade(this, upgrade.run)
  }
}

/** Bytes of a chunk on the wire; -1 when it is none. */
function chunkSize(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk)
  return chunk instanceof Uint8Array ? chunk.length : -1
}

const badChunk = (chunk: unknown): ResponseError =>
  new ResponseError(`a chunk is a string or a Uint8Array; came ${chunk === null ? 'null' : typeof chunk}`)

const isChunkArray = (body: Body): body is readonly Chunk[] => Array.isArray(body)

/** F.7: an application that stops because its signal aborted has not failed. */
const isBecauseOf = (error: unknown, reason: ClientGoneError): boolean =>
  error === reason || error instanceof UnfinishedError || (error instanceof Error && error.cause === reason)

const isIterable = (body: object): boolean => Symbol.asyncIterator in body || Symbol.iterator in body
