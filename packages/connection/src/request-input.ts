/** The body of a request as the application reads it (SPEC "Input"). */
import type { Awaitable, Bytes, HeaderList, Input } from '@tsgi/spec'
import { ownCopy } from '@tsgi/exchange/body-memory'

const NOTHING: Bytes = new Uint8Array(0)

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

/** Where an input takes its bytes from. */
export interface BodySource {
  /** Up to `size` bytes, borrowed; `null` when there are none yet; `'end'` at the end. Throws a {@link BodyError}. */
  pull(size: number): Uint8Array | null | 'end'
  /** A reader waits: bytes are wanted from now on. {@link RequestInput.wake} when something came. */
  want(): void
  readonly trailers: HeaderList | null
}

export class RequestInput implements Input {
  readonly #source: BodySource
  #waiting: { size: number; resolve: (bytes: Bytes) => void; reject: (error: unknown) => void } | null = null
  #failure: BodyError | null = null
  #ended = false
  #trailers: HeaderList | null = null

  constructor(source: BodySource) {
    this.#source = source
  }

  get trailers(): HeaderList | null {
    return this.#trailers
  }

  get waiting(): boolean {
    return this.#waiting !== null
  }

  read(size?: number): Awaitable<Bytes> {
    if (size !== undefined && !(Number.isSafeInteger(size) && size > 0)) {
      throw new RangeError(`input.read takes a positive number of bytes, or nothing; came ${String(size)}`)
    }
    if (this.#waiting !== null)
      throw new Error('input.read was called while an earlier read was waiting: one reader at a time')
    const most = size ?? Number.POSITIVE_INFINITY
    try {
      const bytes = this.#pull(most)
      if (bytes !== null) return bytes
    } catch (error) {
      return Promise.reject(error)
    }
    const { promise, resolve, reject } = Promise.withResolvers<Bytes>()
    // A reader that has gone its way must not bring the process down when the client does too.
    promise.catch(() => {})
    this.#waiting = { size: most, resolve, reject }
    this.#source.want()
    return promise
  }

  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return {
      next: async () => {
        const bytes = await this.read()
        return bytes.length === 0 ? { done: true, value: undefined } : { done: false, value: bytes }
      },
      // Leaving the loop leaves the rest readable.
      return: () => Promise.resolve({ done: true, value: undefined }),
    }
  }

  /** Something came: gives it to the reader that waits, if one does. */
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
      waiting.reject(error)
    }
  }

  /** No more will come. Ends a waiting read, and all later ones. */
  fail(error: BodyError): void {
    if (this.#failure !== null || this.#ended) return
    this.#failure = error
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.reject(error)
  }

  #pull(size: number): Bytes | null {
    if (this.#failure !== null) throw this.#failure
    if (this.#ended) return NOTHING
    let bytes: Uint8Array | null | 'end'
    try {
      bytes = this.#source.pull(size)
    } catch (error) {
      if (error instanceof BodyError) this.#failure = error
      throw error
    }
    if (bytes === null) return null
    if (bytes === 'end') {
      this.#ended = true
      this.#trailers = this.#source.trailers
      return NOTHING
    }
    // The caller's to keep; what came is in a buffer that all connections share.
    return ownCopy(bytes)
  }
}

/** The input of a request without a body: shared by all. */
export const EMPTY_INPUT: Input = Object.freeze({
  trailers: null,
  read(size?: number): Bytes {
    if (size !== undefined && !(Number.isSafeInteger(size) && size > 0)) {
      throw new RangeError(`input.read takes a positive number of bytes, or nothing; came ${String(size)}`)
    }
    return NOTHING
  },
  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return { next: () => Promise.resolve({ done: true, value: undefined }) }
  },
})
