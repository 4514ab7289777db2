import type { Chunk } from '@tsgi/spec'

/** What a stream tells its lane. */
export interface StreamSide {
  /** The client took so many bytes more. */
  taken(bytes: number): void
  /** Nobody will take what follows. */
  abandoned(): void
}

/** Bytes that are gathered before the worker hears of room: a quarter of its window. */
const GRANT = 64 * 1024

/** A response body that arrives in pieces. It holds a window of them at most, since the worker waits for room. */
export class ResponseStream implements AsyncIterable<Chunk>, AsyncIterator<Chunk> {
  readonly #side: StreamSide
  readonly #chunks: Buffer[] = []
  #taken = 0
  #state: 'open' | 'ended' | 'closed' = 'open'
  #failure: unknown = null
  #wake: (() => void) | null = null

  constructor(side: StreamSide) {
    this.#side = side
  }

  push(chunk: Buffer): void {
    if (this.#state !== 'open') return
    this.#chunks.push(chunk)
    this.#stir()
  }

  end(): void {
    if (this.#state === 'open') this.#state = 'ended'
    this.#stir()
  }

  fail(error: unknown): void {
    this.#failure = error
    this.end()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Chunk, undefined>> {
    for (;;) {
      if (this.#state === 'closed') return { done: true, value: undefined }
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        this.#taken += chunk.length
        if (this.#taken >= GRANT && this.#state === 'open') {
          this.#side.taken(this.#taken)
          this.#taken = 0
        }
        return { done: false, value: chunk }
      }
      if (this.#failure !== null) throw this.#failure
      if (this.#state === 'ended') return { done: true, value: undefined }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  async return(): Promise<IteratorResult<Chunk, undefined>> {
    this.close()
    return { done: true, value: undefined }
  }

  close(): void {
    if (this.#state === 'closed') return
    const wasOpen = this.#state === 'open'
    this.#state = 'closed'
    this.#chunks.length = 0
    if (wasOpen) this.#side.abandoned()
    this.#stir()
  }

  #stir(): void {
    this.#wake?.()
    this.#wake = null
  }
}
