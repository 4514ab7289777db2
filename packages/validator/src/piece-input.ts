import { isPromise, type Awaitable, type Bytes, type Input } from '@tsgi/spec'

/** Part of a body, as it arrives. A promise has not arrived yet; an error is a body that breaks off. */
export type Piece = Awaitable<string | Uint8Array | Error>

/** A request body that is made of what it is given. */
export class PieceInput implements Input {
  readonly trailers = null
  readonly #pieces: Piece[]
  #rest: Bytes = new Uint8Array(0)
  #reading = false

  constructor(pieces: readonly Piece[]) {
    this.#pieces = [...pieces]
  }

  read(size: number = Number.MAX_SAFE_INTEGER): Awaitable<Bytes> {
    if (!(Number.isSafeInteger(size) && size > 0)) throw new RangeError(`read takes a positive size; came ${size}`)
    if (this.#reading) throw new Error('one reader at a time')
    while (this.#rest.length === 0) {
      const piece = this.#pieces.shift()
      if (piece === undefined) return new Uint8Array(0)
      if (typeof piece === 'object' && isPromise(piece)) return this.#wait(piece, size)
      if (piece instanceof Error) return Promise.reject(piece)
      this.#accept(piece)
    }
    return this.#cut(size)
  }

  async #wait(piece: PromiseLike<string | Uint8Array | Error>, size: number): Promise<Bytes> {
    this.#reading = true
    try {
      this.#accept(await piece)
    } finally {
      this.#reading = false
    }
    return this.#rest.length === 0 ? this.read(size) : this.#cut(size)
  }

  #accept(piece: string | Uint8Array | Error): void {
    if (piece instanceof Error) throw piece
    this.#rest = new Uint8Array(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)
  }

  #cut(size: number): Bytes {
    const bytes = this.#rest.slice(0, size)
    this.#rest = this.#rest.subarray(size)
    return bytes
  }

  [Symbol.asyncIterator](): AsyncIterator<Bytes> {
    return {
      next: async () => {
        const bytes = await this.read()
        return bytes.length === 0 ? { done: true, value: undefined } : { done: false, value: bytes }
      },
      return: async () => ({ done: true, value: undefined }),
    }
  }
}
