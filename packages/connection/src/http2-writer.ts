/**
 * The body of a response on its way into an HTTP/2 stream. Large chunks go piece by piece: the library says only of a whole
 * write that it has left, and a client that takes little at a time is not one that takes nothing.
 */
import type { ServerHttp2Stream } from 'node:http2'
import type { Chunk } from '@tsgi/spec'

/** Most bytes that are handed to the stream at once: what a client must take within the write timeout. */
const PIECE = 64 * 1024

export class Http2Writer {
  readonly #stream: ServerHttp2Stream
  readonly #roomAgain: () => void
  /** Not handed to the stream yet. */
  readonly #queue: Uint8Array[] = []
  #handed = 0
  #ends = false
  readonly #pieceLeft = (): void => this.#pump()

  /** @param roomAgain called when {@link blocked} is no longer true */
  constructor(stream: ServerHttp2Stream, roomAgain: () => void) {
    this.#stream = stream
    this.#roomAgain = roomAgain
  }

  get blocked(): boolean {
    return this.#queue.length > 0 || this.#stream.writableNeedDrain
  }

  /** Bytes that have not left. */
  get queued(): number {
    let size = this.#stream.writableLength
    for (const bytes of this.#queue) size += bytes.length
    return size
  }

  /** Bytes that have left. */
  get taken(): number {
    return this.#handed - this.#stream.writableLength
  }

  /** @param chunk a string is ASCII */
  write(chunk: Chunk): void {
    if (chunk.length <= PIECE && this.#queue.length === 0) {
      this.#handed += chunk.length
      if (typeof chunk === 'string') this.#stream.write(chunk, 'latin1')
      else this.#stream.write(chunk)
      return
    }
    this.#queue.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk)
    if (this.#queue.length === 1) this.#pump()
  }

  /** @param chunk of a response that has no other */
  writeLast(chunk: Chunk): void {
    if (chunk.length > PIECE) {
      this.write(chunk)
      this.end()
      return
    }
    this.#handed += chunk.length
    if (typeof chunk === 'string') this.#stream.end(chunk, 'latin1')
    else this.#stream.end(chunk)
  }

  end(): void {
    this.#ends = true
    if (this.#queue.length === 0) this.#stream.end()
  }

  /** The stream has room again. */
  drained(): void {
    if (!this.blocked && !this.#ends) this.#roomAgain()
  }

  /** Hands out the next piece. */
  #pump(): void {
    const stream = this.#stream
    if (stream.destroyed) return
    const bytes = this.#queue[0]
    if (bytes === undefined) {
      if (this.#ends) stream.end()
      else this.drained()
      return
    }
    const piece = bytes.subarray(0, PIECE)
    if (piece.length === bytes.length) this.#queue.shift()
    else this.#queue[0] = bytes.subarray(PIECE)
    this.#handed += piece.length
    stream.write(piece, this.#pieceLeft)
  }
}
