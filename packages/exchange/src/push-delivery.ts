import { type Awaitable, type BodyWriter, type Chunk, isPromise, type StreamingBody } from '@tsgi/spec'
import { BaseDelivery, TURN_CHUNKS, TURN_SIZE } from './base-delivery.ts'
import type { Delivery, DeliverySink } from './delivery-sink.ts'
import type { Flow } from './flow.ts'
import { ClientGoneError } from './errors.ts'
import { quiet } from './quiet.ts'
import { nextTurn } from './turns.ts'

/** Runs a body that is a function with a writer. */
export class PushDelivery extends BaseDelivery implements Delivery {
  readonly #source: StreamingBody
  #turnEnd = TURN_SIZE
  #chunks = 0
  #result: PromiseLike<void> | null = null
  #room: {
    readonly promise: Promise<void>
    readonly resolve: () => void
    readonly reject: (error: unknown) => void
  } | null = null

  constructor(sink: DeliverySink, body: StreamingBody, flow: Flow) {
    super(sink, body, flow)
    this.#source = body
  }

  start(): void {
    const out: BodyWriter = { write: (chunk) => this.#write(chunk), flush: () => this.#flush() }
    try {
      const result = this.#source(out)
      if (typeof result === 'object' && isPromise(result)) {
        this.#result = result
        result.then(
          () => {
            this.#result = null
            this.finish()
          },
          (error: unknown) => {
            this.#result = null
            this.#rejected(error)
          },
        )
        // What it wrote at once may have been all, or too much.
        if (this.done) this.flow.trackCall(result)
      } else {
        this.finish()
      }
    } catch (error) {
      this.#rejected(error)
    }
  }

  resume(): void {
    const room = this.#room
    this.#room = null
    room?.resolve()
  }

  stop(): void {
    const room = this.#room
    this.#room = null
    this.settle()
    room?.reject(this.#gone())
  }

  protected override settle(): boolean {
    if (!super.settle()) return false
    if (this.#result !== null) this.flow.trackCall(this.#result)
    return true
  }

  #rejected(error: unknown): void {
    if (error instanceof ClientGoneError && this.done) return
    this.fail(error)
  }

  #write(chunk: Chunk): void | Promise<void> {
    // L.5: the head is there, and says all.
    if (this.sink.discardsBody) this.finish()
    if (this.done) return quiet(Promise.reject(this.#gone()))
    try {
      this.sink.push(chunk)
    } catch (error) {
      this.fail(error)
      return quiet(Promise.reject(error))
    }
    this.flow.flushSoon()
    if (this.flow.blocked) return this.#wait()
    if (this.sink.bytesSent < this.#turnEnd && ++this.#chunks < TURN_CHUNKS) return undefined
    this.#turnEnd = this.sink.bytesSent + TURN_SIZE
    this.#chunks = 0
    return new Promise((resolve) => void nextTurn(resolve))
  }

  #flush(): Awaitable<void> {
    if (this.done) return quiet(Promise.reject(this.#gone()))
    try {
      this.sink.flush()
    } catch (error) {
      this.fail(error)
      return quiet(Promise.reject(error))
    }
    if (this.sink.discardsBody) this.finish()
    else if (this.flow.blocked) return this.#wait()
  }

  #wait(): Promise<void> {
    if (this.#room === null) {
      this.#room = Promise.withResolvers<void>()
      quiet(this.#room.promise)
    }
    return this.#room.promise
  }

  #gone(): unknown {
    return this.sink.failure ?? new ClientGoneError('the response is over; nothing more is sent')
  }
}
