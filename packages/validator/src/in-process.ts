/**
 * A server without a socket: one request through an application, by the book. It is what `check` runs applications in, and
 * since it breaks no clause itself, what is found is the application's.
 */
import { bodyCloser, isInputError, isPromise } from '@tsgi/spec'
import type {
  Application,
  AsyncBody,
  Awaitable,
  Body,
  BodyWriter,
  Chunk,
  Environ,
  HeaderList,
  ServerContext,
  StartResponse,
  StreamingBody,
  SyncBody,
  UpgradeHandler,
} from '@tsgi/spec'
import { PieceInput, type Piece } from './piece-input.ts'

export interface InProcessRequest {
  readonly method?: string | undefined
  readonly scriptName?: string | undefined
  readonly path?: string | undefined
  readonly query?: string | undefined
  readonly protocol?: 'HTTP/1.1' | 'HTTP/1.0' | undefined
  readonly headers?: HeaderList | undefined
  readonly body?: readonly Piece[] | undefined
  /** Takes each chunk a turn of the event loop after it was given. */
  readonly slow?: boolean | undefined
  /** The client leaves when it has this many bytes of the body; with 0, as soon as the application was called. */
  readonly leavesAfter?: number | undefined
  /** The client leaves after so many milliseconds. Without, an application that never answers is never given up. */
  readonly patience?: number | undefined
  /** Takes the environ's place in part. */
  readonly environ?: Partial<Environ> | undefined
}

export interface InProcessAnswer {
  /** `null` where there was none. */
  readonly status: number | null
  readonly headers: HeaderList
  readonly body: Buffer
  readonly trailers: HeaderList | null
  readonly hints: readonly HeaderList[]
  /** What the application failed with, or a {@link ClientGone}; `null` where the response was sent whole. */
  readonly error: unknown
  /** What the application wrote to `errors`. */
  readonly log: string
}

/** Runs one request, to the end of its response and the closing of its body. Never rejects. */
export function request(app: Application, request: InProcessRequest = {}): Promise<InProcessAnswer> {
  return new Conversation(request).run(app)
}

/** Why a response was given up: the client left, as the request said it would. */
export class ClientGone extends Error {
  override readonly name = 'AbortError'
}

class Conversation implements ServerContext {
  readonly name = 'in-process'
  // Declared only, so that they are absent where they are not offered.
  declare readonly earlyHints?: (headers: HeaderList) => void
  declare readonly trailers?: (produce: () => HeaderList) => void
  declare readonly upgrade?: (protocol: string, headers: HeaderList, run: UpgradeHandler) => null
  readonly #request: InProcessRequest
  readonly #gone = new AbortController()
  readonly #left = Promise.withResolvers<never>()
  readonly #listeners: ((error?: unknown) => void)[] = []
  readonly #chunks: Buffer[] = []
  readonly #hints: HeaderList[] = []
  #log = ''
  #head: { readonly status: number; readonly headers: HeaderList } | null = null
  #headSent = false
  #over = false
  #received = 0
  #produceTrailers: (() => HeaderList) | null = null
  #trailers: HeaderList | null = null
  #upgrade: { readonly headers: HeaderList; readonly run: UpgradeHandler } | null = null
  #error: unknown = null

  constructor(request: InProcessRequest) {
    this.#request = request
    this.#left.promise.catch(() => {})
    if (request.protocol === 'HTTP/1.0') return
    this.earlyHints = (headers) => void (this.#headSent || this.#hints.push(headers))
    this.trailers = (produce) => {
      this.#produceTrailers = produce
    }
    if (request.headers?.includes('upgrade') !== true) return
    this.upgrade = (_protocol, headers, run) => {
      this.#upgrade = { headers, run }
      return null
    }
  }

  get signal(): AbortSignal {
    return this.#gone.signal
  }

  onFinish(fn: (error?: unknown) => void): void {
    this.#listeners.push(fn)
  }

  flush(): void {
    if (this.#head !== null) this.#headSent = true
  }

  async run(app: Application): Promise<InProcessAnswer> {
    const { leavesAfter, patience } = this.#request
    const environ = this.#environ()
    const timer =
      patience === undefined ? undefined : setTimeout(() => this.#leave(`it had waited for ${patience} ms`), patience)
    try {
      const result = app(environ, this.#startResponse)
      if (leavesAfter === 0) this.#leave('it did not wait')
      await this.#deliver(await this.#bodyInTime(result), environ)
    } catch (error) {
      this.#fail(error)
    }
    clearTimeout(timer)
    this.#over = true
    for (const listener of this.#listeners) this.#tell(listener)
    return {
      status: this.#head?.status ?? null,
      headers: this.#head?.headers ?? [],
      body: Buffer.concat(this.#chunks),
      trailers: this.#trailers,
      hints: this.#hints,
      error: this.#error,
      log: this.#log,
    }
  }

  async #bodyInTime(result: Awaitable<Body>): Promise<Body> {
    if (typeof result !== 'object' || !isPromise(result)) return result
    let came = false
    const body = Promise.resolve(result).then((body) => {
      came = true
      return body
    })
    try {
      return await Promise.race([body, this.#left.promise])
    } finally {
      // What comes after the client left is closed all the same (G.6).
      if (!came) void quiet(body.then((body) => this.#close(body)))
    }
  }

  #tell(listener: (error?: unknown) => void): void {
    try {
      if (this.#error === null) listener()
      else listener(this.#error)
    } catch (error) {
      this.#note(error)
    }
  }

  #note(error: unknown): void {
    this.#log += `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
  }

  #environ(): Environ {
    const { method = 'GET', scriptName = '', path = '/', query = '', headers = [], body = [], environ } = this.#request
    return {
      version: [1, 0],
      requestMethod: method,
      scriptName,
      pathInfo: path,
      queryString: query,
      serverName: 'localhost',
      serverPort: 80,
      serverProtocol: this.#request.protocol ?? 'HTTP/1.1',
      urlScheme: 'http',
      remoteAddr: '127.0.0.1',
      remotePort: 49152,
      headers,
      multithread: true,
      multiprocess: false,
      runOnce: false,
      input: new PieceInput(body),
      errors: {
        write: (text) => {
          this.#log += text
        },
        flush() {},
      },
      server: this,
      ...environ,
    }
  }

  readonly #startResponse: StartResponse = (...call) => {
    const [status, headers, error] = call
    const replacing = call.length > 2
    if (this.#over && !this.#gone.signal.aborted)
      throw new Error('startResponse was called after the response was over')
    if (replacing && this.#headSent) throw error
    if (!replacing && this.#head !== null) throw new Error('startResponse was called twice')
    if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError(`no status: ${String(status)}`)
    if (!Array.isArray(headers) || headers.length % 2 !== 0) throw new TypeError('headers is no flat list')
    this.#head = { status, headers }
    if (replacing) this.#produceTrailers = null
  }

  #leave(why: string): void {
    const error = new ClientGone(`the client left: ${why}`)
    this.#error ??= error
    this.#gone.abort(error)
    this.#left.reject(error)
  }

  #fail(error: unknown): void {
    if (error instanceof ClientGone) return
    this.#error ??= error
    if (!this.#headSent) this.#head = { status: isInputError(error) ? error.status : 500, headers: [] }
  }

  async #deliver(body: Body, environ: Environ): Promise<void> {
    if (this.#upgrade !== null) return this.#switch(environ)
    try {
      if (this.#gone.signal.aborted) return
      if (body === null || typeof body === 'string' || body instanceof Uint8Array) this.#take(body ?? '')
      else if (isChunks(body)) for (const chunk of body) this.#take(chunk)
      else if (typeof body === 'function') await this.#push(body)
      else await this.#pull(body)
      if (this.#head === null) throw new Error('the application never called startResponse')
      this.#trailers = this.#produceTrailers?.() ?? null
    } finally {
      await this.#close(body)
    }
  }

  async #switch(environ: Environ): Promise<void> {
    this.#head = { status: 101, headers: this.#upgrade?.headers ?? [] }
    this.#headSent = true
    const out: BodyWriter = { write: (chunk) => void this.#chunks.push(Buffer.from(chunk)), flush() {} }
    await this.#upgrade?.run(environ.input, out)
  }

  async #close(body: Body): Promise<void> {
    try {
      const closing = Promise.resolve(bodyCloser(body)?.()).catch((error: unknown) => this.#note(error))
      // An async generator that hangs in `next` is never closed either.
      if (!this.#gone.signal.aborted) await closing
    } catch (error) {
      this.#note(error)
    }
  }

  /** Whether what is left of the body is wanted: HEAD has its answer in the head. */
  get #done(): boolean {
    return this.#request.method === 'HEAD' && this.#head !== null
  }

  #take(chunk: Chunk): void {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) throw new TypeError(`no chunk: ${String(chunk)}`)
    if (chunk.length === 0) return
    if (this.#head === null) throw new Error('a chunk came before startResponse was called')
    this.#headSent = true
    if (this.#done) return
    const bytes = Buffer.from(chunk)
    this.#chunks.push(bytes)
    this.#received += bytes.length
    if (this.#received >= (this.#request.leavesAfter ?? Number.POSITIVE_INFINITY))
      this.#leave(`it had ${this.#received} bytes`)
  }

  async #pull(body: SyncBody | AsyncBody): Promise<void> {
    if (this.#done) return
    const iterator = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]()
    let finished = false
    try {
      for (;;) {
        const pulled = iterator.next()
        const result = isPromise(pulled) ? await Promise.race([pulled, this.#left.promise]) : pulled
        finished = result.done === true
        if (finished) return
        this.#take(result.value)
        if (this.#done) return
        if (this.#gone.signal.aborted) throw this.#error
        if (this.#request.slow) await turn()
      }
    } catch (error) {
      if (!(error instanceof ClientGone)) finished = true
      throw error
    } finally {
      // Not awaited: it waits behind a pending `next`.
      if (!finished) void Promise.resolve(iterator.return?.()).catch((error: unknown) => this.#note(error))
    }
  }

  async #push(body: StreamingBody): Promise<void> {
    if (this.#done) return
    let ended = false
    const gone = (): Promise<never> =>
      quiet(Promise.reject(this.#gone.signal.aborted ? this.#error : new Error('the body has ended')))
    const out: BodyWriter = {
      write: (chunk) => {
        if (ended || this.#gone.signal.aborted || this.#done) return gone()
        this.#take(chunk)
        return this.#request.slow ? turn() : undefined
      },
      flush: () => this.flush(),
    }
    try {
      await Promise.race([body(out), this.#left.promise])
    } catch (error) {
      if (!this.#done) throw error
    } finally {
      ended = true
    }
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const isChunks = (body: Body): body is readonly Chunk[] => Array.isArray(body)

function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
