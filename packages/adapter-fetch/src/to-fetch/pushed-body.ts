import type { BodyWriter, Chunk, StreamingBody } from '@tsgi/spec'
import type { Delivery, OutgoingBody } from './delivery.ts'

/** Bytes that the host may be behind before `write` asks the application to wait. */
const HIGH_WATER_MARK = 64 * 1024

/** A body that writes as a stream: it runs at once, and waits where the host is slower. */
export class PushedBody implements OutgoingBody, BodyWriter {
  readonly stream: ReadableStream<Uint8Array>
  readonly begun: Promise<void>
  readonly #begin: () => void
  readonly #delivery: Delivery
  #controller!: ReadableStreamDefaultController<Uint8Array>
  /** For writes that wait for room. */
  #room: PromiseWithResolvers<void> | undefined
  /** Why nothing more can be written. */
  #over: unknown

  constructor(body: StreamingBody, delivery: Delivery) {
    const begun = Promise.withResolvers<void>()
    const size = (bytes: Uint8Array | undefined): number => bytes?.length ?? 0
    this.#begin = begun.resolve
    this.#delivery = delivery
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#settle((room) => room.resolve()),
        cancel: (reason) => this.#cancel(reason),
      },
      { highWaterMark: HIGH_WATER_MARK, size },
    )
    this.begun = Promise.race([begun.promise, this.#run(body)])
  }

  write(chunk: Chunk): void | Promise<void> {
    if (this.#over !== undefined) return rejected(this.#over)
    if (chunk.length === 0) return
    this.flush()
    this.#controller.enqueue(this.#delivery.encode(chunk))
    if ((this.#controller.desiredSize ?? 0) > 0) return
    this.#room ??= Promise.withResolvers<void>()
    return this.#room.promise
  }

  flush(): void {
    if (this.#over !== undefined) return
    this.#delivery.begin()
    this.#begin()
  }

  stop(reason: unknown): void {
    this.#over ??= reason
    this.#settle((room) => room.reject(this.#over))
  }

  /** Rejects with what the body failed with before the head was sent. */
  async #run(body: StreamingBody): Promise<void> {
    try {
      await body(this)
      if (this.#over !== undefined) return
      this.flush()
      await this.#delivery.end()
      this.#over = new Error('The body has ended: its function returned, or its promise settled')
      this.#controller.close()
    } catch (error) {
      if (this.#over !== undefined) return
      this.#over = error
      if (!this.#delivery.headSent) throw error
      this.#controller.error(error)
      await this.#delivery.fail(error)
    }
  }

  #cancel(reason: unknown): Promise<void> {
    const left = this.#delivery.leave(reason)
    this.stop(reason ?? new Error('The client is gone'))
    return left
  }

  #settle(how: (room: PromiseWithResolvers<void>) => void): void {
    const room = this.#room
    if (room === undefined) return
    this.#room = undefined
    // An application need not wait for its writes.
    room.promise.catch(() => undefined)
    how(room)
  }
}

function rejected(reason: unknown): Promise<void> {
  const promise = Promise.reject(reason)
  promise.catch(() => undefined)
  return promise
}
