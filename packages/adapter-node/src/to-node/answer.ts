/**
 * One request and its answer on a `ServerResponse` of Node's: the rules of `startResponse`, of the head that waits for
 * the first byte, of lengths, failures and endings (SPEC S, L, F, G). How a body is pulled is the delivery's.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  bodyCloser,
  isInputError,
  isPromise,
  statusReason,
  type Application,
  type Body,
  type Chunk,
  type Environ,
  type HeaderList,
  type StartResponse,
} from '@tsgi/spec'
import { deliver, type BodyDelivery } from './body-delivery.ts'
import { ClientGoneError } from './client-gone-error.ts'
import { errorPage } from './error-page.ts'
import { onHalfClose } from './half-close.ts'
import type { ProtocolSwitch } from './protocol-switch.ts'
import { ApplicationError, checkFields, checkTrailers, type CheckedFields, UnfinishedError } from './response-fields.ts'
import type { Settings } from './settings.ts'
import { BodyError, type StreamInput } from './stream-input.ts'

export class Answer {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #settings: Settings
  readonly #input: StreamInput
  readonly #protocolSwitch: ProtocolSwitch | null
  #status = 0
  #fields: CheckedFields | null = null
  #headSent = false
  /** Of a declared length, bytes to come; -1 where none was declared. */
  #left = -1
  #delivery: BodyDelivery | null = null
  #body: Body = null
  #bodyGiven = false
  #bodyClosed = false
  #produceTrailers: (() => HeaderList) | null = null
  /** The application is not listened to any more. */
  #over = false
  #failure: unknown = undefined
  #controller: AbortController | null = null
  /** The reason of the signal while the response may still be delivered: the client ended its side (SPEC G.4). */
  #departure: ClientGoneError | null = null
  readonly #stopListening: () => void
  #finishListeners: ((error?: unknown) => void)[] = []
  #finished = false

  /** @param protocolSwitch where the client asked for another protocol, and the connection can change to it */
  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    input: StreamInput,
    settings: Settings,
    protocolSwitch: ProtocolSwitch | null,
  ) {
    this.#request = request
    this.#response = response
    this.#input = input
    this.#settings = settings
    this.#protocolSwitch = protocolSwitch
    response.on('close', () => this.#closed())
    this.#stopListening = onHalfClose(request.socket, () => this.#clientEnded())
  }

  run(application: Application, environ: Environ): void {
    const startResponse: StartResponse = (status, headers, ...replacing) =>
      this.#start(status, headers, replacing.length > 0, replacing[0])
    try {
      const result = application(environ, startResponse)
      if (isPromise(result)) {
        result.then(
          (body) => this.#respond(body),
          (error: unknown) => this.fail(error),
        )
      } else {
        this.#respond(result)
      }
    } catch (error) {
      this.fail(error)
    }
  }

  // Head

  #start(status: number, headers: HeaderList, replacing: boolean, error: unknown): void {
    if (replacing) {
      if (this.#headSent) throw error
    } else if (this.#fields !== null) {
      throw new ApplicationError(
        'startResponse was called twice; to replace a response, pass the error as third argument',
      )
    }
    if (this.#over) {
      if (this.#failure instanceof ClientGoneError) return
      throw new ApplicationError('startResponse was called after the response was over')
    }
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new ApplicationError(`a status is a whole number from 200 to 599; came ${String(status)}`)
    }
    this.#fields = checkFields(headers, status)
    this.#status = status
    if (replacing) this.#produceTrailers = null
  }

  /** Neither HEAD nor these statuses take the bytes of a body. */
  get #bodyless(): boolean {
    return this.#request.method === 'HEAD' || this.#status === 204 || this.#status === 205 || this.#status === 304
  }

  /** Whether what follows in a body is of no use: it is closed instead of pulled. */
  get discardsBody(): boolean {
    return this.#fields !== null && this.#bodyless
  }

  /** @param knownLength of the body; -1 where it is not known, -2 where none is to be said */
  #sendHead(knownLength: number): void {
    const fields = this.#fields as CheckedFields
    this.#headSent = true
    this.#left = this.#bodyless ? -1 : fields.contentLength
    this.#response.writeHead(this.#status, statusReason(this.#status), this.#framed(fields, knownLength))
  }

  #framed({ list, contentLength: declared, ascii }: CheckedFields, known: number): string[] {
    // 9110 §8.6, §15.3.6: a 204 has no length, a 205 has that of nothing.
    if (this.#status === 204 || this.#status === 205) {
      const kept = withoutLength(list)
      return this.#status === 205 ? [...kept, 'content-length', '0'] : kept
    }
    if (known >= 0 && declared < 0) return [...list, 'content-length', String(known)]
    // Behind a length Node takes `content-disposition` for something else than bytes, and spoils it.
    if (declared >= 0 && !ascii) return [...withoutLength(list), 'content-length', String(declared)]
    return list.slice()
  }

  /** Sends the head if it has not gone; the body's length is not known then. */
  requireHead(): void {
    if (this.#headSent) return
    if (this.#fields === null) throw new UnfinishedError('a body came before startResponse was called')
    this.#sendHead(-1)
  }

  // Body

  #respond(body: Body): void {
    this.#body = body
    // `undefined` is what a forgotten `return` gives: no body, so there is nothing to close.
    this.#bodyGiven = body !== undefined
    if (this.#over) {
      this.#closeBody()
      return
    }
    if (this.#protocolSwitch?.accepted) {
      this.#switchProtocols(this.#protocolSwitch)
    } else if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
      this.#respondWhole(body === null ? [] : [body], body === null)
    } else if (isChunks(body)) {
      this.#respondWhole(body, false)
    } else if (typeof body === 'function' || (typeof body === 'object' && isIterable(body))) {
      this.#delivery = deliver(this, body)
      this.#response.on('drain', () => this.#delivery?.resume())
      this.#delivery.start()
    } else {
      this.fail(
        new ApplicationError(
          `an application returns null, a string, bytes, an array, an iterable or a function; came ${typeof body}`,
        ),
      )
    }
  }

  #respondWhole(chunks: readonly Chunk[], none: boolean): void {
    try {
      const fields = this.#fields
      if (fields === null) throw new UnfinishedError('the application returned a body without calling startResponse')
      let length = 0
      for (const chunk of chunks) length += chunkSize(chunk)
      if (fields.contentLength >= 0 && fields.contentLength !== length && !this.#bodyless) {
        throw new ApplicationError(`content-length says ${fields.contentLength} bytes, the body has ${length}`)
      }
      // HEAD and 304: what GET would say of its length is not known from nothing.
      const said = none && this.#bodyless ? -2 : length
      if (!this.#headSent) this.#sendHead(this.#produceTrailers === null || this.#bodyless ? said : -1)
      if (chunks.length === 1 && this.#produceTrailers === null && !this.#bodyless) {
        this.#left = -1
        this.#close(chunks[0])
        return
      }
      for (const chunk of chunks) this.push(chunk)
    } catch (error) {
      this.fail(error)
      return
    }
    this.end()
  }

  /**
   * The next chunk of a body. Sends the head before the first.
   *
   * @returns whether there is room for more
   * @throws ApplicationError when there was no `startResponse`, the chunk is none, or the declared length is exceeded
   */
  push(chunk: Chunk): boolean {
    const size = chunkSize(chunk)
    if (size === 0) return true
    this.requireHead()
    if (this.#bodyless) return true
    if (this.#left >= 0) {
      if (size > this.#left) {
        throw new ApplicationError(
          `the body exceeds the declared content-length by ${size - this.#left} bytes; they were not sent`,
        )
      }
      this.#left -= size
    }
    return this.#response.write(this.#forNode(chunk))
  }

  /** Node joins a string with the head before it and sends both as UTF-8; but field values are bytes (SPEC H.3). */
  #forNode(chunk: Chunk): Chunk {
    return typeof chunk === 'string' && this.#fields?.ascii === false ? Buffer.from(chunk) : chunk
  }

  /** The body has ended as it should. */
  end(): void {
    if (this.#over) return
    try {
      this.requireHead()
      if (this.#left > 0) throw new UnfinishedError(`the body is ${this.#left} bytes shorter than its content-length`)
      if (this.#produceTrailers !== null) this.#response.addTrailers(pairs(checkTrailers(this.#produceTrailers())))
    } catch (error) {
      this.fail(error)
      return
    }
    this.#close()
  }

  #close(last?: Chunk): void {
    this.#over = true
    this.#delivery = null
    this.#input.close()
    this.#closeBody()
    if (last === undefined) this.#response.end()
    else this.#response.end(this.#forNode(last))
  }

  #switchProtocols(protocolSwitch: ProtocolSwitch): void {
    if (this.#body !== null || this.#fields !== null) {
      this.fail(new ApplicationError('after upgrade an application returns its result, null, without startResponse'))
      return
    }
    this.#headSent = true
    this.#over = true
    // From here on the connection says nothing to the response, which was never used.
    const { socket } = this.#response
    if (socket !== null) this.#response.detachSocket(socket)
    protocolSwitch.begin((error) => {
      this.#failure = error
      if (error instanceof ClientGoneError) this.#controller?.abort(error)
      else if (error !== undefined) this.#log('the upgraded connection failed', error)
      this.#tellAll()
    })
  }

  // Failure

  /** The application failed, or a rule was broken. Before the head this is an answer, after it the end of the connection. */
  fail(error: unknown): void {
    if (this.#over) {
      const gone = error instanceof ClientGoneError || this.#failure instanceof ClientGoneError
      if (!gone) this.#log('an error after the response was over', error)
      return
    }
    if (this.#departure !== null && isBecauseOf(error, this.#departure)) {
      // F.7: it has not failed; it stopped because its client left.
      this.#response.destroy()
      return
    }
    const bodyError = isInputError(error) ? error : null
    if (bodyError === null) this.#log('the application failed', error)
    this.#over = true
    this.#failure = error
    this.#stopDelivery()
    if (this.#headSent || this.#response.headersSent) {
      this.#response.destroy()
      return
    }
    const status = bodyError?.status ?? 500
    const page = errorPage(status, error, this.#settings.development)
    const closing = bodyError === null ? [] : ['connection', 'close']
    for (const name of this.#response.getHeaderNames()) this.#response.removeHeader(name)
    this.#headSent = true
    this.#response.writeHead(status, statusReason(status), [...page.headers, ...closing])
    this.#response.end(page.body)
  }

  #clientEnded(): void {
    if (this.#over || this.#departure !== null) return
    this.#departure = new ClientGoneError()
    this.#controller?.abort(this.#departure)
  }

  /** Node's last event of a response: it went out whole, it was destroyed, or the client is gone. */
  #closed(): void {
    this.#stopListening()
    if (!this.#response.writableFinished && this.#failure === undefined) {
      const gone = this.#departure ?? new ClientGoneError()
      this.#over = true
      this.#failure = gone
      this.#controller?.abort(gone)
      this.#input.fail(new BodyError(400, gone.message))
      this.#stopDelivery()
    }
    this.#tellAll()
  }

  #tellAll(): void {
    this.#finished = true
    const listeners = this.#finishListeners
    this.#finishListeners = []
    for (const listener of listeners) this.#tellFinished(listener)
  }

  #stopDelivery(): void {
    const delivery = this.#delivery
    this.#delivery = null
    delivery?.stop(this.#failure)
    if (this.#bodyGiven) this.#closeBody()
  }

  #closeBody(): void {
    if (this.#bodyClosed) return
    this.#bodyClosed = true
    try {
      const result = bodyCloser(this.#body)?.()
      if (typeof result === 'object' && isPromise(result)) {
        result.then(undefined, (error: unknown) => this.#log('closing a body failed', error))
      }
    } catch (error) {
      this.#log('closing a body failed', error)
    }
  }

  #tellFinished(listener: (error?: unknown) => void): void {
    try {
      if (this.#failure === undefined) listener()
      else listener(this.#failure)
    } catch (error) {
      this.#log('a listener of onFinish failed', error)
    }
  }

  #log(message: string, error: unknown): void {
    this.#settings.log('error', `${message}: ${this.#request.method} ${this.#request.url}`, { error })
  }

  // Services

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    const reason = this.#departure ?? this.#failure
    if (reason instanceof ClientGoneError) this.#controller.abort(reason)
    return this.#controller.signal
  }

  onFinish(listener: (error?: unknown) => void): void {
    if (this.#finished) this.#tellFinished(listener)
    else this.#finishListeners.push(listener)
  }

  flush(): void {
    if (this.#over || this.#fields === null) return
    this.requireHead()
    if (this.#fields.ascii) this.#response.flushHeaders()
    else this.#response.write(NO_BYTES)
  }

  earlyHints(headers: HeaderList): void {
    const { list } = checkFields(headers, 103)
    if (this.#headSent || this.#over) return
    writeEarlyHints(this.#response, list)
  }

  trailers(produce: () => HeaderList): void {
    if (typeof produce !== 'function') {
      throw new TypeError(`trailers takes a function that gives the fields; came ${typeof produce}`)
    }
    if (this.#headSent && !this.#response.chunkedEncoding) return
    if ((this.#fields?.contentLength ?? -1) < 0) this.#produceTrailers = produce
  }
}

const isBecauseOf = (error: unknown, reason: ClientGoneError): boolean =>
  error === reason || error instanceof UnfinishedError || (error instanceof Error && error.cause === reason)

const NO_BYTES = new Uint8Array(0)

/** Node 22 has `writeEarlyHints` alone, which takes an object and sends nothing without a `link`. */
function writeEarlyHints(response: ServerResponse, list: HeaderList): void {
  if (typeof response.writeInformation === 'function') return response.writeInformation(103, list)
  const hints: Record<string, string[]> = {}
  for (let at = 0; at < list.length; at += 2) (hints[list[at] as string] ??= []).push(list[at + 1] as string)
  response.writeEarlyHints(hints)
}

/** Bytes of a chunk on the wire. */
function chunkSize(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk)
  if (chunk instanceof Uint8Array) return chunk.byteLength
  throw new ApplicationError(`a chunk is a string or a Uint8Array; came ${chunk === null ? 'null' : typeof chunk}`)
}

const withoutLength = (list: HeaderList): string[] => list.filter((_, i) => list[i - (i % 2)] !== 'content-length')

const isChunks = (body: Body): body is readonly Chunk[] => Array.isArray(body)

const isIterable = (body: object): boolean => Symbol.asyncIterator in body || Symbol.iterator in body

function pairs(list: HeaderList): [string, string][] {
  const fields: [string, string][] = []
  for (let i = 0; i < list.length; i += 2) fields.push([list[i] as string, list[i + 1] as string])
  return fields
}
