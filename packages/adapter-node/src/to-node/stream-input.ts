import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { Awaitable, Bytes, HeaderList, Input } from '@tsgi/spec'
import { lowerCaseList } from './request-environ.ts'
import type { Settings } from './settings.ts'

/** Why a body cannot be read to its end. Uncaught, `status` is what the client is answered. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  readonly code = 'TSGI_ERR_BODY'
  readonly status: 400 | 408 | 413

  constructor(status: 400 | 408 | 413, message: string) {
    super(message)
    this.status = status
  }
}

const responseOver = (): BodyError => new BodyError(400, 'the response is over; what is left of the body is not read')

const NOTHING: Bytes = new Uint8Array(0)

/** A slow body is forgiven for so long. */
const RATE_GRACE = 5000

interface Reader {
  readonly size: number | undefined
  readonly resolve: (bytes: Bytes) => void
  readonly reject: (error: unknown) => void
}

/** Of a request's body; a connection after an upgrade has none. */
export type BodyLimits = Pick<Settings, 'bodyTimeout' | 'maxBodySize' | 'minBodyRate'>

/** A Node stream as an `Input`: pulled, so that a sender is no faster than its reader. */
export class StreamInput implements Input {
  readonly #stream: Readable
  readonly #limits: BodyLimits | null
  readonly #onFirstRead: (() => void) | null
  #listening = false
  #received = 0
  #reader: Reader | null = null
  #failure: unknown = null
  #ended = false
  #closed = false
  #trailers: HeaderList | null = null
  #timer: NodeJS.Timeout | null = null
  /** Milliseconds that readers have waited so far, and since when the present one does. */
  #waited = 0
  #waitingSince = 0

  /** @param onFirstRead sends `100 Continue` */
  constructor(stream: Readable, limits: BodyLimits | null, onFirstRead: (() => void) | null = null) {
    this.#stream = stream
    this.#limits = limits
    this.#onFirstRead = onFirstRead
  }

  get trailers(): HeaderList | null {
    return this.#trailers
  }

  read(size?: number): Awaitable<Bytes> {
    if (size !== undefined && !(Number.isSafeInteger(size) && size > 0)) {
      throw new RangeError(`input.read takes a positive number of bytes, or nothing; came ${String(size)}`)
    }
    if (this.#reader !== null) {
      throw new Error('input.read was called while an earlier read was waiting: one reader at a time')
    }
    if (this.#closed) this.fail(responseOver())
    if (this.#failure !== null) return Promise.reject(this.#failure)
    if (!this.#listening) this.#listen()
    const bytes = this.#pull(size)
    if (bytes !== null) return bytes
    if (this.#failure !== null) return Promise.reject(this.#failure)
    const { promise, resolve, reject } = Promise.withResolvers<Bytes>()
    // A reader that has gone its way must not bring the process down when the client does too.
    promise.catch(() => {})
    this.#reader = { size, resolve, reject }
    this.#startClock()
    return promise
  }

  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return {
      next: async () => {
        const bytes = await this.read()
        return bytes.byteLength === 0 ? { done: true, value: undefined } : { done: false, value: bytes }
      },
      // Leaving the loop leaves the rest readable.
      return: () => Promise.resolve({ done: true, value: undefined }),
    }
  }

  /** The response is out: what is left is not the application's any more. Makes no error that nobody asks for (3 µs). */
  close(): void {
    if (this.#reader !== null) this.fail(responseOver())
    else this.#closed = true
  }

  /** No more is to be read. */
  fail(error: unknown): void {
    if (this.#failure !== null || this.#ended) return
    this.#failure = error
    this.#settle((reader) => reader.reject(error))
  }

  #listen(): void {
    this.#listening = true
    const stream = this.#stream
    // Read by somebody else, as by a body parser in front of a mounted application.
    if (stream.readableEnded) {
      this.#ended = true
      return
    }
    this.#onFirstRead?.()
    stream.on('readable', () => this.#wake())
    stream.on('end', () => this.#end())
    stream.on('error', () => this.#cutShort())
    stream.on('close', () => this.#cutShort())
    if (stream.destroyed) this.#cutShort()
  }

  #cutShort(): void {
    this.fail(new BodyError(400, 'the client left before the body was complete'))
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    const raw = (this.#stream as Partial<IncomingMessage>).rawTrailers
    if (raw !== undefined && raw.length > 0) this.#trailers = lowerCaseList(raw)
    this.#settle((reader) => reader.resolve(NOTHING))
  }

  #wake(): void {
    const reader = this.#reader
    if (reader === null) return
    const bytes = this.#pull(reader.size)
    if (bytes === null) return
    this.#settle(() => reader.resolve(bytes))
  }

  /** What is there, `null` where nothing is. */
  #pull(size: number | undefined): Bytes | null {
    if (this.#ended) return NOTHING
    const stream = this.#stream
    // Asked for more than there is, a stream waits until it has all of it.
    const ready = stream.readableLength
    const bytes = stream.read(size === undefined || size >= ready ? undefined : size) as Bytes | null
    if (bytes === null) return null
    this.#received += bytes.byteLength
    const most = this.#limits?.maxBodySize ?? Number.POSITIVE_INFINITY
    if (this.#received <= most) return bytes
    this.fail(new BodyError(413, `the body is larger than ${most} bytes`))
    return null
  }

  #settle(tell: (reader: Reader) => void): void {
    const reader = this.#reader
    this.#reader = null
    this.#stopClock()
    if (reader !== null) tell(reader)
  }

  // The clock runs only while somebody waits for bytes: a slow application is not the client's fault.

  #startClock(): void {
    const limits = this.#limits
    if (limits === null) return
    const allowed = Math.min(limits.bodyTimeout || Number.POSITIVE_INFINITY, this.#rateAllows(limits.minBodyRate))
    if (allowed === Number.POSITIVE_INFINITY) return
    this.#waitingSince = performance.now()
    this.#timer = setTimeout(() => this.#tooSlow(), Math.max(0, allowed - this.#waited))
  }

  #rateAllows(bytesPerSecond: number): number {
    return bytesPerSecond === 0 ? Number.POSITIVE_INFINITY : RATE_GRACE + (this.#received / bytesPerSecond) * 1000
  }

  #stopClock(): void {
    if (this.#timer === null) return
    clearTimeout(this.#timer)
    this.#timer = null
    this.#waited += performance.now() - this.#waitingSince
  }

  #tooSlow(): void {
    this.fail(new BodyError(408, 'the body came too slowly'))
  }
}
