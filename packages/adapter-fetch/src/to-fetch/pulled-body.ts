import type { AsyncBody, Chunk, SyncBody } from '@tsgi/spec'
import type { Delivery, OutgoingBody } from './delivery.ts'

type Chunks = Iterator<Chunk> | AsyncIterator<Chunk>

/** An iterable body as a stream that pulls a chunk when the host wants one. */
export class PulledBody implements OutgoingBody {
  readonly stream: ReadableStream<Uint8Array>
  readonly begun: Promise<void>
  readonly #chunks: Chunks
  readonly #delivery: Delivery
  /** Pulled before the host asked, to see whether the application has a head. */
  #first: Promise<Chunk | undefined> | undefined
  #stopped = false

  constructor(body: SyncBody | AsyncBody, delivery: Delivery) {
    this.#chunks = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]()
    this.#delivery = delivery
    this.#first = nextChunk(this.#chunks)
    this.begun = this.#first.then(() => delivery.begin())
    this.stream = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller), cancel: (reason) => this.#cancel(reason) },
      { highWaterMark: 0 },
    )
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    // Not awaited: a generator answers only after the chunk it is at work on.
    void (async () => this.#chunks.return?.())().catch(() => undefined)
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const chunk = await (this.#first ?? nextChunk(this.#chunks))
      this.#first = undefined
      if (this.#stopped) return
      if (chunk !== undefined) return controller.enqueue(this.#delivery.encode(chunk))
      await this.#delivery.end()
      controller.close()
    } catch (error) {
      if (this.#stopped) return
      this.stop()
      await this.#delivery.fail(error)
      throw error
    }
  }

  #cancel(reason: unknown): Promise<void> {
    const left = this.#delivery.leave(reason)
    this.stop()
    return left
  }
}

/** The next chunk that is not empty; `undefined` at the end. */
async function nextChunk(chunks: Chunks): Promise<Chunk | undefined> {
  for (;;) {
    const { done, value } = await chunks.next()
    if (done) return undefined
    if (value.length > 0) return value
  }
}
