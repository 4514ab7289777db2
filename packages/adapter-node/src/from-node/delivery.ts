import type { Awaitable, Body, BodyWriter, Chunk, HeaderList, StartResponse, StreamingBody } from '@tsgi/spec'
import { nodeError, streamDestroyed } from './node-error.ts'

/** Told what became of what was written. */
export interface DeliveryWatcher {
  /** The answer has no body, whatever its status. */
  readonly isHead: boolean
  /** The body of the request has not come to its end; the listener may be reading it. */
  readonly mayHold: boolean
  /**
   * Asked when the response is whole: whether the server is to keep the request open, so that its body can be read.
   * {@link Delivery.release} ends that.
   */
  holds(): boolean
  /** All of a response that is held has been accepted. */
  sent(): void
  /** All that was written has been accepted; there is room again. */
  drained(): void
  /** The server refused a write, because the client is gone. */
  refused(error: unknown): void
}

type Accepted = (error?: Error | null) => void

interface Waiting {
  readonly chunk: Chunk
  readonly accepted: Accepted | null
}

/**
 * Brings one response of a listener, which ends it whenever it likes, to a TSGI server, which takes a head and a body
 * from a function that returns. A response that is whole when the listener returns is given back there and then: no
 * promise, and the server can send it with one write. One that comes later settles a promise; one that is written in
 * pieces becomes a streaming body.
 */
export class Delivery {
  readonly #startResponse: StartResponse
  readonly #watcher: DeliveryWatcher
  readonly #highWaterMark: number
  #status = 0
  #headers: HeaderList = []
  /** `undefined` until the listener has begun to answer. */
  #body: Body | undefined = undefined
  #failure: { readonly error: unknown } | null = null
  /** What the application gave the server when the listener had returned without beginning to answer. */
  #answer: PromiseWithResolvers<Body> | null = null
  #out: BodyWriter | null = null
  #waiting: Waiting[] | null = null
  #flushAsked = false
  #unaccepted = 0
  #ended = false
  /** The promise of the streaming body. */
  #stream: PromiseWithResolvers<void> | null = null
  #held = false
  #released = false
  #streamed = 0
  /** Bytes written that the server has not accepted. */
  pendingBytes = 0

  constructor(startResponse: StartResponse, watcher: DeliveryWatcher, highWaterMark: number) {
    this.#startResponse = startResponse
    this.#watcher = watcher
    this.#highWaterMark = highWaterMark
  }

  /** What the application returns. Called once, when the listener has returned. */
  take(): Awaitable<Body> {
    if (this.#failure !== null) throw this.#failure.error
    if (this.#body === undefined) {
      this.#answer = Promise.withResolvers()
      return this.#answer.promise
    }
    if (this.#holdsWhole()) {
      if (this.#bodyless) {
        this.#answer = Promise.withResolvers()
        return this.#answer.promise
      }
      this.#streamWhole()
    }
    this.#startResponse(this.#status, this.#headers)
    return this.#body
  }

  /** The connection is to end behind this response, where its head is not out yet. */
  closeConnection(): void {
    if (!hasField(this.#headers, 'connection')) this.#headers = [...this.#headers, 'connection', 'close']
  }

  /** The body of the request is of no interest any more. */
  release(): void {
    if (this.#released) return
    this.#released = true
    if (!this.#held) return
    if (this.#bodyless && this.#answer !== null) this.#give(this.#answer)
    else this.#stream?.resolve()
  }

  /** The request is kept open for its body. */
  get held(): boolean {
    return this.#held && !this.#released
  }

  /** A server ends such a response at its head: what holds it must come first. */
  get #bodyless(): boolean {
    return this.#watcher.isHead || this.#status === 204 || this.#status === 205 || this.#status === 304
  }

  #holdsWhole(): boolean {
    const held = typeof this.#body !== 'function' && this.#watcher.mayHold && this.#watcher.holds()
    this.#held = held
    return held
  }

  /**
   * A server reads nothing more of a request whose response is done (SPEC I.9). While its listener reads, a whole
   * response becomes a stream that has given all it has, and does not end yet.
   */
  #streamWhole(): void {
    // Only strings and bytes are given to `whole`.
    const chunk = this.#body as Chunk | null
    this.#ended = true
    this.#flushAsked = true
    if (chunk !== null) this.#waiting = [{ chunk, accepted: null }]
    this.#streamed = this.bytesGiven
    if (!hasField(this.#headers, 'content-length')) {
      const length = chunk === null ? 0 : byteLength(chunk)
      this.#headers = [...this.#headers, 'content-length', String(length)]
    }
    this.#body = this.#streamingBody
  }

  head(status: number, headers: HeaderList): void {
    this.#status = status
    this.#headers = headers
  }

  /** The whole body at once; `null` is none. */
  whole(body: Chunk | null): void {
    this.#begin(body)
  }

  /** Bytes of the body that the listener has given. */
  get bytesGiven(): number {
    const body = this.#body
    return typeof body === 'string' || body instanceof Uint8Array ? byteLength(body) : this.#streamed
  }

  /** Whether the body has been given, in full or as a stream. */
  get begun(): boolean {
    return this.#body !== undefined
  }

  #begin(body: Body): void {
    if (this.#body !== undefined || this.#failure !== null) return
    this.#body = body
    if (this.#answer === null) return
    // The listener may begin to read behind the call of `end`.
    if (typeof body !== 'function' && this.#watcher.mayHold) process.nextTick(giveAnswer, this, this.#answer)
    else this.giveAnswer(this.#answer)
  }

  giveAnswer(answer: PromiseWithResolvers<Body>): void {
    if (this.#holdsWhole()) {
      if (this.#bodyless) return
      this.#streamWhole()
    }
    this.#give(answer)
  }

  #give({ resolve, reject }: PromiseWithResolvers<Body>): void {
    try {
      this.#startResponse(this.#status, this.#headers)
      resolve(this.#body as Body)
    } catch (error) {
      reject(error)
    }
  }

  /** @returns whether there is room for more, as `Writable.write` does */
  write(given: Chunk, accepted: Accepted | null): boolean {
    // Node calls back when the bytes have left, so a listener may then use their memory again. A TSGI server keeps a
    // chunk for as long as it likes (SPEC B.4).
    const chunk = accepted !== null && typeof given !== 'string' ? new Uint8Array(given) : given
    const length = byteLength(chunk)
    this.#streamed += length
    if (this.#out !== null) return this.#send(this.#out, chunk, accepted)
    this.#waiting ??= []
    this.#waiting.push({ chunk, accepted })
    this.pendingBytes += length
    this.#begin(this.#streamingBody)
    return this.pendingBytes < this.#highWaterMark
  }

  /** Sends the head, and what was written, without waiting for more. */
  flush(): void {
    if (this.#out !== null) {
      void this.#out.flush()
      return
    }
    this.#flushAsked = true
    this.#begin(this.#streamingBody)
  }

  /** Nothing follows what was written. */
  end(): void {
    this.#ended = true
    this.#finishStream()
  }

  /** The response cannot be completed: before the head was sent the error is answered, after it the connection breaks. */
  fail(error: unknown): void {
    if (this.#failure !== null || (this.#ended && this.#unaccepted === 0)) return
    this.#failure = { error }
    if (this.#stream !== null) this.#stream.reject(error)
    else if (this.#body === undefined) this.#answer?.reject(error)
  }

  /** Nobody is there to be answered; lets the server's call come to its end. */
  abandon(): void {
    const unsent = this.#waiting ?? []
    this.#waiting = null
    for (const { accepted } of unsent) if (accepted !== null) process.nextTick(accepted, streamDestroyed('write'))
    this.#stream?.resolve()
    // Without a head: nobody would see it. Where an answer was given, this does nothing.
    if (this.#failure === null) this.#answer?.resolve(null)
  }

  get #streamingBody(): StreamingBody {
    return (out) => this.#connect(out)
  }

  #connect(out: BodyWriter): Awaitable<void> {
    if (this.#failure !== null) throw this.#failure.error
    this.#out = out
    const waiting = this.#waiting ?? []
    this.#waiting = null
    this.pendingBytes = 0
    for (const { chunk, accepted } of waiting) this.#send(out, chunk, accepted)
    if (this.#flushAsked) void out.flush()
    if (this.#ended && this.#unaccepted === 0 && !this.#holdsStream()) return undefined
    const stream = Promise.withResolvers<void>()
    this.#stream = stream
    if (this.#unaccepted === 0) {
      if (this.#ended) this.#watcher.sent()
      else this.#watcher.drained()
    }
    return stream.promise
  }

  #send(out: BodyWriter, chunk: Chunk, accepted: Accepted | null): boolean {
    const room = out.write(chunk)
    if (room === undefined) {
      if (accepted !== null) process.nextTick(accepted, null)
      return this.#unaccepted === 0
    }
    const length = byteLength(chunk)
    this.pendingBytes += length
    this.#unaccepted += 1
    room.then(
      () => {
        this.pendingBytes -= length
        this.#unaccepted -= 1
        accepted?.(null)
        if (this.#unaccepted > 0) return
        this.#finishStream()
        if (!this.#ended) this.#watcher.drained()
      },
      (error: unknown) => {
        accepted?.(streamDestroyed('write'))
        this.#watcher.refused(error)
      },
    )
    return false
  }

  #finishStream(): void {
    if (!this.#ended || this.#unaccepted > 0 || this.#stream === null) return
    if (this.#holdsStream()) this.#watcher.sent()
    else this.#stream.resolve()
  }

  #holdsStream(): boolean {
    if (this.#released) return false
    this.#held ||= this.#watcher.mayHold && this.#watcher.holds()
    return this.#held
  }
}

const hasField = (headers: HeaderList, wanted: string): boolean =>
  headers.some((name, i) => i % 2 === 0 && name === wanted)

const giveAnswer = (delivery: Delivery, answer: PromiseWithResolvers<Body>): void => delivery.giveAnswer(answer)

export const destroyedByListener = (): Error =>
  nodeError('ERR_STREAM_DESTROYED', 'The listener destroyed its response before it was complete')

const byteLength = (chunk: Chunk): number => (typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength)
