/**
 * One request and its response: the rules of `startResponse`, of the head that waits for the first byte, of lengths,
 * failures and endings (SPEC S, B, L, F, G, U). What the bytes travel on is the carrier's; how a body is pulled is the
 * delivery's.
 *
 *     running ── body returned ──▶ delivering ── last byte ──▶ over
 *        │                             │                        ▲
 *        └── error, client gone ───────┴────────────────────────┘
 */
import { bodyCloser, isInputError, isPromise } from '@tsgi/spec'
import type { Application, Body, Chunk, Environ, HeaderList, StartResponse, UpgradeHandler } from '@tsgi/spec'
import { type Carrier, type CarriedExchange, type PreparedFields, UNKNOWN_LENGTH, UNSAID_LENGTH } from './carrier.ts'
import type { Delivery, DeliverySink } from './delivery-sink.ts'
import { deliver } from './delivery.ts'
import { errorPage } from './error-page.ts'
import type { ExchangeRequest } from './exchange-request.ts'
import { ClientGoneError, DrainingError, ResponseError, UnfinishedError } from './errors.ts'
import { encodeUtf8, utf8Length } from './utf8.ts'

interface AcceptedUpgrade<Fields> {
  readonly protocol: string
  readonly fields: Fields
  readonly run: UpgradeHandler
}

export class Exchange<Fields extends PreparedFields = PreparedFields, Request extends ExchangeRequest = ExchangeRequest>
  implements CarriedExchange<Fields, Request>, DeliverySink
{
  readonly request: Request
  readonly isHead: boolean
  status = 0
  /** As the application passed them last, in the carrier's form; `null` before `startResponse`. */
  fields: Fields | null = null
  headSent = false
  /** No byte of the response follows, and nothing more of the application is listened to. */
  over = false
  /** Bytes of the body that were sent, without framing. */
  bytesSent = 0
  /** Every byte of the response was given to the carrier. */
  whole = false
  /** Why the response is not whole; `null` while nothing is wrong. */
  failure: unknown = null
  readonly #carrier: Carrier<Fields, Request>
  /** Of a declared length, bytes to come; -1 where none was declared. */
  #left = -1
  #delivery: Delivery | null = null
  #produceTrailers: (() => HeaderList) | null = null
  #upgrade: AcceptedUpgrade<Fields> | null = null
  #controller: AbortController | null = null
  #drain: AbortController | null = null
  /** The reason of the signal while the response may still be delivered: the client ended its side (G.4). */
  #departure: ClientGoneError | null = null
  #listeners: ((error?: unknown) => void)[] | null = null
  #finished = false
  /** What the application promised to return. */
  #result: PromiseLike<Body> | null = null

  constructor(carrier: Carrier<Fields, Request>, request: Request) {
    this.#carrier = carrier
    this.request = request
    this.isHead = request.method === 'HEAD'
  }

  /** A listener waits for the end. */
  get observed(): boolean {
    return this.#listeners !== null
  }

  /** A response to HEAD, and one with status 204, 205 or 304, has no bytes of a body (L.5, L.7). */
  get takesBody(): boolean {
    return !this.isHead && this.status !== 304 && this.status !== 204 && this.status !== 205
  }

  /** What follows in a body is of no use: it is closed without being pulled further. */
  get discardsBody(): boolean {
    return this.fields !== null && !this.takesBody
  }

  run(application: Application, environ: Environ): void {
    // Its own function for each request: a late call must never answer another request.
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
    this.fields = this.#carrier.prepare(headers, status)
    this.status = status
    this.#respond(body)
  }

  // Head

  #start(status: number, headers: HeaderList, replacing: boolean, error: unknown): void {
    // S.8 before S.3 and S.5: an application should not fail on the way out.
    if (this.over && this.failure instanceof ClientGoneError) return
    if (replacing) {
      if (this.headSent) throw error
    } else if (this.fields !== null) {
      throw new ResponseError('startResponse was called twice; to replace a response, pass the error as third argument')
    }
    if (this.over) throw new ResponseError('startResponse was called after the response was over')
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new ResponseError(`expected a status from 200 to 599, got ${String(status)}`)
    }
    this.fields = this.#carrier.prepare(headers, status)
    this.status = status
    if (replacing) this.#produceTrailers = null
  }

  /**
   * What the head says as `content-length`; negative, {@link UNKNOWN_LENGTH} or {@link UNSAID_LENGTH}, where it has none (L.1,
   * L.6, L.7). The one place that knows what a status says of a length.
   *
   * @param known bytes of the whole body, {@link UNKNOWN_LENGTH} or {@link UNSAID_LENGTH}
   */
  contentLength(known: number): number {
    if (this.status === 204) return UNSAID_LENGTH
    if (this.status === 205) return 0
    const declared = this.fields?.contentLength ?? UNKNOWN_LENGTH
    return declared >= 0 ? declared : known
  }

  /** Sends the head if it has not gone; the length of the body is not known then. */
  requireHead(): void {
    if (this.headSent) return
    if (this.fields === null) throw new UnfinishedError('expected startResponse before the body, got a body first')
    this.#headGoes()
    this.#carrier.head(this)
  }

  #headGoes(): void {
    this.headSent = true
    this.#left = this.#leftAtHead
  }

  /** What `#left` is when the head goes. */
  get #leftAtHead(): number {
    return this.takesBody && this.fields !== null ? this.fields.contentLength : -1
  }

  // Body

  #respondLater(body: Body): void {
    try {
      this.#respond(body)
    } catch (error) {
      this.fail(error)
    }
  }

  // B.2: distinguished in this order.
  #respond(body: Body): void {
    if (this.over) {
      this.close(body)
      return
    }
    if (this.#upgrade !== null) {
      this.#switchProtocols(body, this.#upgrade)
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
          `expected null, a string, bytes, an array, an iterable or a function as the body, got ${typeof body}`,
        ),
      )
    }
  }

  #respondText(body: string | null): void {
    if (body === null) {
      // L.6: for HEAD and 304, null does not say how long the body of a GET would be.
      this.#respondWhole(this.isHead || this.status === 304 ? UNSAID_LENGTH : 0, '')
      return
    }
    const length = utf8Length(body)
    this.#respondWhole(length, body.length === length ? body : encodeUtf8(body))
  }

  #respondArray(chunks: readonly Chunk[]): void {
    let length = 0
    let ascii = true
    for (const chunk of chunks) {
      const size = chunkSize(chunk)
      if (size < 0) return this.fail(badChunk(chunk))
      length += size
      ascii &&= typeof chunk !== 'string' || chunk.length === size
    }
    this.#respondWhole(length, ascii ? chunks : chunks.map(asciiOrBytes))
  }

  /** @param content strings in it are ASCII, so each is its own bytes */
  #respondWhole(length: number, content: Chunk | readonly Chunk[]): void {
    const { fields } = this
    if (fields === null) return this.fail(new UnfinishedError('expected startResponse before a body was returned'))
    if (this.headSent) return this.#respondInPieces(content)
    const { takesBody } = this
    if (takesBody && fields.contentLength >= 0 && fields.contentLength !== length) {
      const got = Math.max(0, length)
      return this.fail(new ResponseError(`expected ${fields.contentLength} bytes as content-length says, got ${got}`))
    }
    if (this.#produceTrailers !== null && length >= 0) return this.#respondInPieces(content)
    this.#headGoes()
    if (takesBody) this.bytesSent = Math.max(0, length)
    this.over = true
    this.whole = true
    this.#carrier.whole(this, length, content)
  }

  /** After a flush, or with trailers to follow. */
  #respondInPieces(content: Chunk | readonly Chunk[]): void {
    if (typeof content === 'string' || content instanceof Uint8Array) this.push(content)
    else for (const chunk of content) this.push(chunk)
    this.end()
  }

  /**
   * The next chunk of a body. Sends the head before the first.
   *
   * @throws ResponseError when there was no `startResponse`, the chunk is neither a string nor bytes, or the declared
   *   length is exceeded
   */
  push(chunk: Chunk): void {
    const size = chunkSize(chunk)
    if (size < 0) throw badChunk(chunk)
    if (size === 0) return
    // L.4: before the head is sent, so that where the first chunk is too long already, the answer is a 500.
    const left = this.headSent ? this.#left : this.#leftAtHead
    if (left >= 0 && size > left) {
      throw new ResponseError(
        `the body exceeds the declared content-length by ${size - left} bytes; they were not sent`,
      )
    }
    this.requireHead()
    if (!this.takesBody) return
    if (left >= 0) this.#left = left - size
    this.bytesSent += size
    this.#carrier.chunk(typeof chunk === 'string' && chunk.length !== size ? encodeUtf8(chunk) : chunk, size)
  }

  /** The body has ended as it should. */
  end(): void {
    if (this.over) return
    let trailers: Fields | null = null
    try {
      this.requireHead()
      if (this.#left > 0) {
        throw new UnfinishedError(`the body is ${this.#left} bytes shorter than its content-length`)
      }
      if (this.#produceTrailers !== null && this.#trailersFollow) {
        trailers = this.#carrier.prepareTrailers(this.#produceTrailers())
      }
    } catch (error) {
      this.fail(error)
      return
    }
    this.over = true
    this.whole = true
    this.#carrier.end(this, trailers)
  }

  /** U.4: after a body whose length was not declared. */
  get #trailersFollow(): boolean {
    return this.takesBody && this.#left < 0
  }

  // Failure

  /** The application failed, or broke a rule. Before the head this is an answer, after it the response breaks off (F.1, F.2). */
  fail(thrown: unknown): void {
    const error = thrown ?? new ResponseError(`the application threw ${String(thrown)}`)
    if (this.over) {
      // The error that broke the response, which reached a body and was passed on by it.
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
    const stopped = this.#stoppedByDraining(error)
    if (bodyError === null && !stopped) this.#log('the application failed', error)
    this.#stopDelivery()
    if (this.headSent) {
      this.failure = error
      this.over = true
      this.#carrier.breakOff(this)
      return
    }
    this.#produceTrailers = null
    this.#upgrade = null
    const status = bodyError?.status ?? (stopped ? 503 : 500)
    const page = errorPage(status, error, this.request, stopped ? null : this.#carrier.developmentPage)
    this.failure = error
    // F.3: what is left of the body is of no use, so the connection closes. F.7: the next request is for another process.
    const closes = bodyError !== null || stopped
    this.answer(status, closes ? [...page.headers, 'connection', 'close'] : page.headers, page.body)
  }

  /** The client ended its side. It may have left, or wait for the response, which is still delivered to it (G.4). */
  clientEnded(): void {
    if (this.over || this.#departure !== null) return
    this.#departure = new ClientGoneError('the client ended its side of the connection')
    this.#controller?.abort(this.#departure)
  }

  /** The client is gone (G.5). Everything that waits is ended, once; nothing more is sent. */
  abandon(error: ClientGoneError): void {
    if (this.over) return
    this.over = true
    this.failure = error
    // The application may still be at work, and what it returns is to be closed (G.6).
    if (this.#result !== null) this.#carrier.trackCall(this.#result)
    this.#controller?.abort(error)
    this.#stopDelivery()
  }

  /** The response was given out whole, but the client left before it had all of it. */
  lost(error: ClientGoneError): void {
    this.failure ??= error
    this.whole = false
  }

  /**
   * The upgraded connection has ended: whole, or with what its handler failed with, or because the client left (U.6). Where
   * the client left first, its handler's end is passed later, and only what it failed with besides is an error (F.7).
   */
  upgradeEnded(error: unknown): void {
    if (this.failure === null) {
      this.whole = error === undefined
      this.failure = error ?? null
    }
    const departed = this.failure instanceof ClientGoneError
    if (departed) this.#controller?.abort(this.failure)
    if (error === undefined || error instanceof ClientGoneError || causeOf(error) instanceof ClientGoneError) return
    if ((departed && isInputError(error)) || this.#stoppedByDraining(error)) return
    this.#log('the upgraded connection failed', error)
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

  /** Closes a body that was delivered, or will not be (G.1, G.2). */
  close(body: Body | undefined): void {
    // `undefined` is what a forgotten `return` gives: there is nothing to close.
    if (body === undefined) return
    try {
      const result = bodyCloser(body)?.()
      if (typeof result === 'object' && isPromise(result)) {
        this.#carrier.trackClosing(result.then(undefined, (error: unknown) => this.noteClosing(error)))
      }
    } catch (error) {
      this.noteClosing(error)
    }
  }

  /** F.5: what closing a body fails with changes nothing of the response. */
  noteClosing(error: unknown): void {
    this.#log(CLOSING_FAILED, error)
  }

  #log(message: string, error: unknown): void {
    const { method, path } = this.request
    this.#carrier.log('error', `${message}: ${method} ${path}`, { error })
  }

  // Services

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      this.#carrier.watch()
      const reason = this.#departure ?? this.failure
      if (reason instanceof ClientGoneError) this.#controller.abort(reason)
    }
    return this.#controller.signal
  }

  /** `undefined` where the host is not notified of its end. */
  get draining(): AbortSignal | undefined {
    if (this.#drain === null) {
      const begun = this.#carrier.watchDraining()
      if (begun === null) return undefined
      this.#drain = new AbortController()
      if (begun) this.drainBegan()
    }
    return this.#drain.signal
  }

  /** The host begins to stop (U.8). The response continues. */
  drainBegan(): void {
    this.#drain?.abort(new DrainingError('the server is stopping, or this process is being replaced'))
  }

  /** F.7: an application that stops because its server does has not failed. */
  #stoppedByDraining(error: unknown): boolean {
    const signal = this.#drain?.signal
    return signal?.aborted === true && (error === signal.reason || causeOf(error) === signal.reason)
  }

  onFinish(listener: (error?: unknown) => void): void {
    if (this.#finished) {
      this.#notify(listener)
      return
    }
    this.#listeners ??= []
    this.#listeners.push(listener)
  }

  /** The response is out, or will never be (G.7). Called by the carrier. */
  finished(): void {
    this.#finished = true
    const listeners = this.#listeners
    this.#listeners = null
    for (const listener of listeners ?? []) this.#notify(listener)
  }

  #notify(listener: (error?: unknown) => void): void {
    try {
      if (this.failure === null) listener()
      else listener(this.failure)
    } catch (error) {
      this.#log('a listener of onFinish failed', error)
    }
  }

  flush(): void {
    if (this.over) return
    if (this.fields !== null) this.requireHead()
    this.#carrier.flush()
  }

  earlyHints(headers: HeaderList): void {
    const fields = this.#carrier.prepare(headers, 103)
    if (this.headSent || this.over) return
    this.#carrier.interim(fields)
  }

  trailers(produce: () => HeaderList): void {
    if (typeof produce !== 'function') {
      throw new TypeError(`expected a function that returns the trailers, got ${typeof produce}`)
    }
    if (this.headSent && !this.#trailersFollow) return
    this.#produceTrailers = produce
  }

  upgrade(protocol: string, headers: HeaderList, run: UpgradeHandler): null {
    if (this.fields !== null || this.over) {
      throw new ResponseError('upgrade must be called instead of startResponse, not after it')
    }
    const offered = this.request.upgrade ?? []
    if (!offered.includes(protocol)) {
      throw new ResponseError(
        `expected a protocol that the client asked for (${offered.join(', ')}), got ${JSON.stringify(protocol)}`,
      )
    }
    this.#upgrade = { protocol, fields: this.#carrier.prepare(headers, 101), run }
    return null
  }

  #switchProtocols(body: Body, { protocol, fields, run }: AcceptedUpgrade<Fields>): void {
    if (body !== null || this.fields !== null) {
      this.close(body)
      this.fail(new ResponseError('after upgrade, expected its result null and no startResponse'))
      return
    }
    this.headSent = true
    this.status = 101
    this.over = true
    this.#carrier.upgrade(this, protocol, fields, run)
  }
}

const CLOSING_FAILED = 'closing a body failed'

/** Bytes of a chunk; -1 when it is neither a string nor bytes. */
function chunkSize(chunk: unknown): number {
  if (typeof chunk === 'string') return utf8Length(chunk)
  return chunk instanceof Uint8Array ? chunk.length : -1
}

const asciiOrBytes = (chunk: Chunk): Chunk =>
  typeof chunk === 'string' && utf8Length(chunk) !== chunk.length ? encodeUtf8(chunk) : chunk

const badChunk = (chunk: unknown): ResponseError =>
  new ResponseError(`expected a string or a Uint8Array as a chunk, got ${chunk === null ? 'null' : typeof chunk}`)

const isChunkArray = (body: Body): body is readonly Chunk[] => Array.isArray(body)

/** F.7: an application that stops because its signal aborted has not failed. */
const isBecauseOf = (error: unknown, reason: ClientGoneError): boolean =>
  error === reason || error instanceof UnfinishedError || causeOf(error) === reason

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined)

const isIterable = (body: object): boolean => Symbol.asyncIterator in body || Symbol.iterator in body
