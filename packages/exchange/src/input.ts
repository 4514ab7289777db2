/** The body of a request as the application reads it (SPEC I). */
import type { Awaitable, Bytes, HeaderList, Input } from '@tsgi/spec'
import { BodyError } from './errors.ts'
import { quiet } from './quiet.ts'

const NOTHING: Bytes = new Uint8Array(0)

/** Where an input takes its bytes from. */
export interface BodySource {
  /**
   * Up to `size` bytes, which are the caller's from then on (I.4); `null` when there are none yet; `'end'` at the end.
   *
   * @throws BodyError
   */
  pull(size: number): Bytes | null | 'end'
  /** A reader waits: call {@link RequestInput.wake} when there are bytes, the end or an error. */
  want(): void
  /** Of the request, once `pull` reported the end. */
  readonly trailers: HeaderList | null
}

interface WaitingRead {
  readonly size: number
  readonly promise: Promise<Bytes>
  readonly resolve: (bytes: Bytes) => void
  readonly reject: (error: unknown) => void
}

export class RequestInput implements Input {
  readonly #source: BodySource
  #waiting: WaitingRead | null = null
  #failure: unknown = null
  #ended = false
  #closed = false
  #trailers: HeaderList | null = null

  constructor(source: BodySource) {
    this.#source = source
  }

  get trailers(): HeaderList | null {
    return this.#trailers
  }

  /** A reader waits for bytes. */
  get waiting(): boolean {
    return this.#waiting !== null
  }

  read(size?: number): Awaitable<Bytes> {
    checkSize(size)
    if (this.#waiting !== null) {
      throw new Error('input.read was called while an earlier read was pending; await each read before the next')
    }
    const most = size ?? Number.POSITIVE_INFINITY
    try {
      const bytes = this.#pull(most)
      if (bytes !== null) return bytes
    } catch (error) {
      return Promise.reject(error)
    }
    const { promise, resolve, reject } = Promise.withResolvers<Bytes>()
    this.#waiting = { size: most, promise, resolve, reject }
    this.#source.want()
    return promise
  }

  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return {
      next: async () => {
        const bytes = await this.read()
        return bytes.length === 0 ? { done: true, value: undefined } : { done: false, value: bytes }
      },
      // I.7: leaving the loop leaves the rest readable.
      return: () => Promise.resolve({ done: true, value: undefined }),
    }
  }

  /** There is something: gives it to the reader that waits, if one does. */
  wake(): void {
    const waiting = this.#waiting
    if (waiting === null) return
    try {
      const bytes = this.#pull(waiting.size)
      if (bytes === null) {
        this.#source.want()
        return
      }
      this.#waiting = null
      waiting.resolve(bytes)
    } catch (error) {
      this.#waiting = null
      refuse(waiting, error)
    }
  }

  /** The response is over (I.9): reads reject from now on. Makes no error that nothing asks for, which costs 3 µs. */
  close(): void {
    if (this.#waiting === null) this.#closed = true
    else this.fail(responseOver())
  }

  /** No more bytes follow. Ends a waiting read, and all later ones. */
  fail(error: unknown): void {
    if (this.#failure !== null || this.#ended) return
    this.#failure = error
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting !== null) refuse(waiting, error)
  }

  #pull(size: number): Bytes | null {
    if (this.#failure !== null) throw this.#failure
    if (this.#ended) return NOTHING
    if (this.#closed) throw (this.#failure = responseOver())
    let bytes: Bytes | null | 'end'
    try {
      bytes = this.#source.pull(size)
    } catch (error) {
      if (error instanceof BodyError) this.#failure = error
      throw error
    }
    if (bytes !== 'end') return bytes
    this.#ended = true
    this.#trailers = this.#source.trailers
    return NOTHING
  }
}

/** Quiet, since a read that nothing awaits any more must not end the process when the client leaves; here, since few reads fail. */
function refuse({ promise, reject }: WaitingRead, error: unknown): void {
  quiet(promise)
  reject(error)
}

const responseOver = (): BodyError => new BodyError(400, 'the response is over; the rest of the body is not read')

// I.2
function checkSize(size: number | undefined): void {
  if (size === undefined || (Number.isSafeInteger(size) && size > 0)) return
  throw new RangeError(`input.read(size): expected a positive integer or nothing, got ${String(size)}`)
}

/** The input of a request without a body: shared by all. */
export const EMPTY_INPUT: Input = Object.freeze({
  trailers: null,
  read(size?: number): Bytes {
    checkSize(size)
    return NOTHING
  },
  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return { next: () => Promise.resolve({ done: true, value: undefined }) }
  },
})
