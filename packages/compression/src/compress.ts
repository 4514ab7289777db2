import { checkFields, encodeUtf8, ResponseError } from '@tsgi/exchange'
import { preferredEncoding } from '@tsgi/http-fields'
import { header, headers, isPromise, withLifespan } from '@tsgi/spec'
import type { Application, Awaitable, Body, Chunk, Environ, HeaderList, ServerContext, StartResponse } from '@tsgi/spec'
import { coderFor, compressWhole, type Coder } from './coders.ts'
import { CompressedStream, isUnfinished, type CompressedStreamOwner, type UnfinishedBody } from './compressed-stream.ts'
import { compressedHead, mayCompress, mediaType, withVary } from './head.ts'
import { type Coding, type CompressionOptions, type Settings, settingsOf } from './options.ts'

/**
 * A middleware that compresses what `application` answers, where the client accepts it and it is worth it.
 *
 * @throws RangeError for an option that is not what it should be
 * @example export default compress(app, { levels: { br: 5 } })
 */
export function compress(application: Application, options: CompressionOptions = {}): Application {
  const settings = settingsOf(options)
  return withLifespan((environ, startResponse) => {
    // HEAD stays as it is, and so does what is no response, such as a WebSocket.
    if (environ.requestMethod === 'HEAD' || environ.server.upgrade !== undefined)
      return application(environ, startResponse)
    const accepted = headers(environ, 'accept-encoding')
    const coding = preferredEncoding(accepted.length === 0 ? undefined : accepted.join(', '), settings.codings)
    return new Answer(environ, startResponse, settings, coding === 'identity' ? null : (coding as Coding | null)).run(
      application,
    )
  }, application)
}

interface Head {
  readonly status: number
  readonly fields: HeaderList
  /** The error that it replaces an earlier head for, where there is one. */
  readonly replacing: readonly unknown[]
}

class Answer implements CompressedStreamOwner {
  /** Every chunk of an event stream leaves at once. */
  eager = false
  readonly #environ: Environ
  readonly #start: StartResponse
  readonly #settings: Settings
  readonly #coding: Coding | null
  #head: Head | null = null
  /** The head was given to the server. */
  #begun = false
  /** The application has flushed before it gave a body. */
  #flushDue = false
  #stream: CompressedStream | null = null

  constructor(environ: Environ, start: StartResponse, settings: Settings, coding: Coding | null) {
    this.#environ = environ
    this.#start = start
    this.#settings = settings
    this.#coding = coding
  }

  run(application: Application): Awaitable<Body> {
    const { server } = this.#environ
    // Before there is a body nothing is known of it, and a server that was given no head has nothing to send.
    const flush = (): void => {
      if (this.#stream !== null) this.#stream.flush()
      else if (this.#begun) server.flush()
      else this.#flushDue = true
    }
    const body = application({ ...this.#environ, server: withFlush(server, flush) }, this.#startResponse)
    return isPromise(body) ? body.then((body) => this.#answer(body)) : this.#answer(body)
  }

  // The head waits for what is known of the body. What is wrong with it is said at once (S.6).
  readonly #startResponse: StartResponse = (status, fields, ...replacing) => {
    // S.4: the number of arguments decides, since anything may be thrown.
    if (this.#begun && replacing.length > 0) throw replacing[0]
    if (this.#begun || (this.#head !== null && replacing.length === 0)) {
      throw new ResponseError('startResponse was called twice; to replace a response, pass the error as third argument')
    }
    checkFields(fields, status)
    // The server drops what was registered before, such as trailers, when it receives all arguments.
    this.#head = { status, fields, replacing }
  }

  #answer(body: Body): Awaitable<Body> {
    const head = this.#head
    if (isWhole(body)) return head === null ? body : this.#answerWhole(head, body)
    if (head !== null && !this.#isWorthIt(head)) return this.#begin(head.status, head.fields, body)
    this.#stream = new CompressedStream(body as UnfinishedBody, this)
    if (this.#flushDue) this.#stream.flush()
    return this.#stream.body()
  }

  #answerWhole({ status, fields }: Head, body: Body): Awaitable<Body> {
    if (!mayCompress(status, fields, this.#settings)) {
      // RFC 9110 §15.4.5: what a 200 would have had.
      return this.#begin(status, status === 304 ? withVary(fields) : fields, body)
    }
    const bytes = bytesOf(body)
    if (bytes.length < this.#settings.threshold) return this.#begin(status, fields, body)
    const coding = this.#coding
    if (coding === null) return this.#begin(status, withVary(fields), body)
    const compressed = compressWhole(bytes, coding, this.#settings)
    const send = (smaller: Uint8Array): Body =>
      smaller.length < bytes.length
        ? this.#begin(status, compressedHead(fields, coding), smaller)
        : this.#begin(status, withVary(fields), body)
    return isPromise(compressed) ? compressed.then(send) : send(compressed)
  }

  get mayBegin(): boolean {
    return this.#head !== null
  }

  begin(): Coder | null {
    const head = this.#head
    // Nothing was begun: the server finds out by itself.
    if (head === null) return null
    const { status, fields } = head
    const worthIt = this.#isWorthIt(head)
    const coding = worthIt ? this.#coding : null
    this.eager = mediaType(fields) === 'text/event-stream'
    this.#begin(status, coding === null ? (worthIt ? withVary(fields) : fields) : compressedHead(fields, coding), null)
    return coding === null ? null : coderFor(coding, this.#settings)
  }

  #isWorthIt({ status, fields }: Head): boolean {
    const length = header(fields, 'content-length')
    return (
      mayCompress(status, fields, this.#settings) &&
      (length === undefined || Number(length) >= this.#settings.threshold)
    )
  }

  #begin(status: number, fields: HeaderList, body: Body): Body {
    this.#begun = true
    this.#start(status, fields, ...((this.#head?.replacing ?? []) as [] | [unknown]))
    return body
  }
}

type WholeBody = null | Chunk | readonly Chunk[]

// What is no body at all is the server's to refuse.
const isWhole = (body: Body): body is WholeBody =>
  body === null || typeof body === 'string' || body instanceof Uint8Array || Array.isArray(body) || !isUnfinished(body)

function bytesOf(body: Body): Uint8Array {
  if (body === null) return new Uint8Array(0)
  if (typeof body === 'string') return encodeUtf8(body)
  if (body instanceof Uint8Array) return body
  if (!Array.isArray(body)) return new Uint8Array(0)
  return Buffer.concat(
    (body as readonly Chunk[]).map((chunk) => (typeof chunk === 'string' ? encodeUtf8(chunk) : chunk)),
  )
}

/** The same services, but for one. Members are called on the server's own context (U.1), and absent ones stay absent. */
function withFlush(server: ServerContext, flush: () => void): ServerContext {
  const { earlyHints, trailers } = server
  return {
    name: server.name,
    get signal(): AbortSignal {
      return server.signal
    },
    get draining(): AbortSignal | undefined {
      return server.draining
    },
    onFinish: (fn) => server.onFinish(fn),
    flush,
    ...(earlyHints !== undefined && { earlyHints: (fields: HeaderList) => earlyHints.call(server, fields) }),
    ...(trailers !== undefined && { trailers: (produce: () => HeaderList) => trailers.call(server, produce) }),
  }
}
