/**
 * A server without a socket: one request through an application, by the book. It is what `check` runs applications in, and
 * since it breaks no clause itself, what is found is the application's. It is also a second reading of SPEC.md, which shares
 * no code with the servers: they are compared with it on random applications.
 */
import { bodyCloser, isInputError, isPromise } from '@tsgi/spec'
import type {
  Application,
  AsyncBody,
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
import { type InProcessAnswer, type InProcessRequest, makeEnviron } from './in-process-request.ts'
import { checkHead, checkHints, checkProducedTrailers, ClientGone, RefusedResponse } from './refusals.ts'

/** Runs one request, to the end of its response and the closing of its body. Never rejects. */
export function request(app: Application, request: InProcessRequest = {}): Promise<InProcessAnswer> {
  return new Conversation(request).run(app)
}

interface Head {
  readonly status: number
  readonly headers: HeaderList
  /** The declared length; -1 where there is none. */
  readonly declared: number
}

interface AcceptedUpgrade {
  readonly headers: HeaderList
  readonly run: UpgradeHandler
}

class Conversation implements ServerContext {
  readonly name = 'in-process'
  // Declared only, so that they are absent where they are not offered.
  declare readonly earlyHints?: (headers: HeaderList) => void
  declare readonly trailers?: (produce: () => HeaderList) => void
  declare readonly upgrade?: (protocol: string, headers: HeaderList, run: UpgradeHandler) => null
  readonly #request: InProcessRequest
  readonly #environ: Environ
  readonly #gone = new AbortController()
  readonly #ended = Promise.withResolvers<void>()
  readonly #listeners: ((error?: unknown) => void)[] = []
  readonly #closings: PromiseLike<unknown>[] = []
  readonly #chunks: Buffer[] = []
  readonly #hints: HeaderList[] = []
  #log = ''
  #head: Head | null = null
  #headSent = false
  #sent: HeaderList = []
  /** Nothing of the response follows. */
  #over = false
  #whole = false
  #finished = false
  #received = 0
  #produceTrailers: (() => HeaderList) | null = null
  #trailers: HeaderList | null = null
  #upgrade: AcceptedUpgrade | null = null
  #failure: unknown = null
  /** Leaves and closes the body that is on its way. */
  #stop: () => void = () => {}

  constructor(request: InProcessRequest) {
    this.#request = request
    this.#environ = makeEnviron(request, this, (text) => (this.#log += text))
    if (request.protocol === 'HTTP/1.0') return
    this.earlyHints = (headers) => {
      checkHints(headers)
      if (!this.#headSent && !this.#over) this.#hints.push(headers)
    }
    this.trailers = (produce) => {
      if (typeof produce !== 'function') throw new TypeError('expected a function that returns the trailers')
      // U.4: after the head, only where the body is chunked.
      if (!this.#headSent || this.#isChunked) this.#produceTrailers = produce
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
    if (this.#finished) this.#tell(fn)
    else this.#listeners.push(fn)
  }

  flush(): void {
    if (this.#head !== null && !this.#over) this.#sendHead(-1)
  }

  async run(app: Application): Promise<InProcessAnswer> {
    const { leavesAfter, patience, leaves } = this.#request
    const timer =
      patience === undefined ? undefined : setTimeout(() => this.#leave(`it had waited for ${patience} ms`), patience)
    const leave = (): void => this.#leave('as it was to')
    leaves?.then(leave, leave)
    try {
      const result = app(this.#environ, this.#startResponse)
      if (leavesAfter === 0) this.#leave('it did not wait')
      if (typeof result === 'object' && isPromise(result)) result.then(this.#respond, this.#fail)
      else this.#respond(result)
    } catch (error) {
      this.#fail(error)
    }
    await this.#ended.promise
    clearTimeout(timer)
    this.#finished = true
    for (const listener of this.#listeners) this.#tell(listener)
    // An async generator that hangs in `next` is never closed either.
    if (!this.#gone.signal.aborted) await Promise.all(this.#closings)
    return {
      status: this.#head?.status ?? null,
      headers: this.#head?.headers ?? [],
      sent: this.#sent,
      whole: this.#whole,
      body: Buffer.concat(this.#chunks),
      trailers: this.#trailers,
      hints: this.#hints,
      error: this.#failure,
      log: this.#log,
    }
  }

  #tell(listener: (error?: unknown) => void): void {
    try {
      if (this.#failure === null) listener()
      else listener(this.#failure)
    } catch (error) {
      this.#note(error)
    }
  }

  #note(error: unknown): void {
    this.#log += `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
  }

  // The head

  readonly #startResponse: StartResponse = (...call) => {
    const [status, headers, error] = call
    const replacing = call.length > 2
    // S.8 before S.3 and S.5: an application should not fail on the way out.
    if (this.#gone.signal.aborted) return
    if (replacing && this.#headSent) throw error
    if (this.#over) throw new RefusedResponse('startResponse was called after the response was over')
    if (!replacing && this.#head !== null) throw new RefusedResponse('startResponse was called twice')
    this.#head = { status, headers, declared: checkHead(status, headers) }
    if (replacing) this.#produceTrailers = null
  }

  get #isHead(): boolean {
    return this.#request.method === 'HEAD'
  }

  /** L.5, L.7: what the body gives is sent. */
  get #takesBody(): boolean {
    return !this.#isHead && ![204, 205, 304].includes(this.#head?.status ?? 0)
  }

  /** The head is there, and says all. */
  get #discardsBody(): boolean {
    return this.#head !== null && !this.#takesBody
  }

  get #isChunked(): boolean {
    return this.#takesBody && this.#head !== null && !this.#sent.includes('content-length')
  }

  /** @param known length of a body that is there as a whole; -1 of others */
  #sendHead(known: number): void {
    if (this.#headSent) return
    if (this.#head === null) throw new RefusedResponse('a body came before startResponse was called')
    this.#headSent = true
    const { status, headers, declared } = this.#head
    const length = status === 204 ? -1 : status === 205 ? 0 : declared >= 0 ? declared : known
    const others = headers.filter((_, i) => headers[i - (i % 2)] !== 'content-length')
    // H.4: a field that the application sent keeps its place.
    this.#sent =
      declared >= 0 && length === declared
        ? headers.map((text, i) => (headers[i - 1] === 'content-length' && i % 2 === 1 ? String(declared) : text))
        : length < 0
          ? others
          : [...others, 'content-length', String(length)]
  }

  // The body

  readonly #respond = (body: Body): void => {
    // G.6: what is returned after the client left is closed.
    if (this.#over) return this.#close(body)
    try {
      if (this.#upgrade !== null) void this.#switch(this.#upgrade)
      // B.2: distinguished in this order.
      else if (body === null || typeof body === 'string') this.#give(body === null ? [] : [body], body === null)
      else if (body instanceof Uint8Array) this.#give([body], false)
      else if (isChunks(body)) this.#give(body, false)
      else if (typeof body === 'function') void this.#push(body)
      else if (typeof body === 'object' && (Symbol.asyncIterator in body || Symbol.iterator in body)) {
        void this.#pull(body)
      } else throw new RefusedResponse(`no body: ${typeof body}`)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** A body that is there as a whole: its length is known before the head is sent (L.1, L.4). */
  #give(chunks: readonly Chunk[], isNull: boolean): void {
    const length = chunks.reduce((sum, chunk) => sum + sizeOf(chunk), 0)
    const head = this.#head
    if (head === null) throw new RefusedResponse('startResponse was not called')
    if (!this.#headSent) {
      if (this.#takesBody && head.declared >= 0 && head.declared !== length) {
        throw new RefusedResponse(`content-length says ${head.declared} bytes, the body has ${length}`)
      }
      // L.6: for HEAD and 304, null does not say how long the body is. U.4: trailers need the chunked coding.
      const unsaid = (isNull && (this.#isHead || head.status === 304)) || this.#produceTrailers !== null
      this.#sendHead(unsaid ? -1 : length)
    }
    for (const chunk of chunks) this.#take(chunk)
    this.#end()
  }

  /** @throws RefusedResponse */
  #take(chunk: Chunk): void {
    const size = sizeOf(chunk)
    if (size === 0) return
    if (this.#head === null) throw new RefusedResponse('a chunk came before startResponse was called')
    const { declared } = this.#head
    if (this.#takesBody && declared >= 0 && this.#received + size > declared) {
      throw new RefusedResponse(`the body exceeds its content-length of ${declared}`)
    }
    this.#sendHead(-1)
    if (!this.#takesBody) return
    this.#chunks.push(Buffer.from(chunk))
    this.#received += size
    if (this.#received >= (this.#request.leavesAfter ?? Number.POSITIVE_INFINITY)) {
      this.#leave(`it had ${this.#received} bytes`)
    }
  }

  /** The body has ended as it should. */
  #end(): void {
    if (this.#over) return
    try {
      this.#sendHead(-1)
      const { declared } = this.#head as Head
      if (this.#takesBody && this.#received < declared) {
        throw new RefusedResponse(`the body has ${this.#received} bytes of its content-length of ${declared}`)
      }
      if (this.#produceTrailers !== null && this.#isChunked) {
        this.#trailers = checkProducedTrailers(this.#produceTrailers())
      }
    } catch (error) {
      return this.#fail(error)
    }
    this.#over = true
    this.#whole = true
    this.#ended.resolve()
  }

  /** F.1 to F.3: an answer where the head can still say so, else a response that breaks off. */
  readonly #fail = (thrown: unknown): void => {
    // G.7: a finish listener could not distinguish it from nothing.
    const error = thrown ?? new RefusedResponse(`the application threw ${String(thrown)}`)
    if (this.#over) {
      if (!this.#gone.signal.aborted) this.#note(error)
      return
    }
    this.#over = true
    this.#failure = error
    this.#stop()
    if (!this.#headSent) {
      this.#head = { status: isInputError(error) ? error.status : 500, headers: [], declared: -1 }
      this.#headSent = true
      this.#whole = true
    }
    this.#ended.resolve()
  }

  /** G.5: everything that waits ends, once. */
  #leave(why: string): void {
    if (this.#over) return
    const error = new ClientGone(`the client left: ${why}`)
    this.#over = true
    this.#failure = error
    this.#gone.abort(error)
    this.#stop()
    this.#ended.resolve()
  }

  async #switch({ headers, run }: AcceptedUpgrade): Promise<void> {
    this.#head = { status: 101, headers, declared: -1 }
    this.#headSent = true
    const out: BodyWriter = { write: (chunk) => void this.#chunks.push(Buffer.from(chunk)), flush() {} }
    try {
      await run(this.#environ.input, out)
      this.#whole = true
    } catch (error) {
      this.#failure ??= error
    }
    this.#over = true
    this.#ended.resolve()
  }

  #close(body: Body | undefined): void {
    if (body === undefined) return
    try {
      const closing = bodyCloser(body)?.()
      if (typeof closing === 'object' && isPromise(closing)) this.#closings.push(closing.then(undefined, this.#noteIt))
    } catch (error) {
      this.#note(error)
    }
  }

  readonly #noteIt = (error: unknown): void => this.#note(error)

  /** Says once that a body is done with: `leave` is what its kind needs before it is closed. */
  #opened(body: Body, leave: () => void): () => void {
    let open = true
    this.#stop = () => {
      if (!open) return
      open = false
      leave()
      this.#close(body)
    }
    return this.#stop
  }

  async #pull(body: SyncBody | AsyncBody): Promise<void> {
    let iterator: Iterator<Chunk> | AsyncIterator<Chunk> | null = null
    // G.3: where it stops before the end. One that has ended or failed has left by itself.
    const stop = this.#opened(body, () => {
      try {
        const left = iterator?.return?.()
        // Not awaited: it waits behind a pending `next`.
        if (typeof left === 'object' && isPromise(left)) this.#closings.push(left.then(undefined, this.#noteIt))
      } catch (error) {
        this.#note(error)
      }
    })
    while (!this.#discardsBody) {
      let result: IteratorResult<Chunk>
      try {
        iterator ??= Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]()
        const pulled = iterator.next()
        result = isPromise(pulled) ? await pulled : pulled
      } catch (error) {
        iterator = null
        return this.#fail(error)
      }
      if (this.#over) return
      if (result.done === true) {
        iterator = null
        break
      }
      try {
        this.#take(result.value)
      } catch (error) {
        return this.#fail(error)
      }
      if (this.#request.slow) await turn()
      if (this.#over) return
    }
    stop()
    this.#end()
  }

  async #push(body: StreamingBody): Promise<void> {
    const stop = this.#opened(body, () => {})
    const finish = (): void => {
      stop()
      this.#end()
    }
    if (this.#discardsBody) return finish()
    const rejected = (error: unknown): Promise<never> => quiet(Promise.reject(error))
    const refused = (): Promise<never> =>
      rejected(this.#failure ?? new ClientGone('the response is over; nothing more is sent'))
    const out: BodyWriter = {
      write: (chunk) => {
        if (this.#discardsBody) finish()
        if (this.#over) return refused()
        try {
          this.#take(chunk)
        } catch (error) {
          this.#fail(error)
          return rejected(error)
        }
        return this.#request.slow ? turn() : undefined
      },
      flush: () => {
        if (this.#over) return refused()
        this.flush()
        if (this.#discardsBody) finish()
      },
    }
    try {
      const result = body(out)
      if (typeof result === 'object' && isPromise(result)) await result
    } catch (error) {
      if (!this.#over || !(error instanceof ClientGone)) this.#fail(error)
      return
    }
    finish()
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const isChunks = (body: Body): body is readonly Chunk[] => Array.isArray(body)

/** @throws RefusedResponse where it is no chunk (B.3) */
function sizeOf(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk)
  if (chunk instanceof Uint8Array) return chunk.length
  throw new RefusedResponse(`no chunk: ${String(chunk)}`)
}

function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
