import { type AsyncBody, type Awaitable, type Chunk, isPromise } from '@tsgi/spec'
import { BaseDelivery, TURN_CHUNKS, TURN_SIZE } from './base-delivery.ts'
import type { Delivery, DeliverySink } from './delivery-sink.ts'
import type { Flow } from './flow.ts'
import { cancelTurn, nextTurn, type Turn } from './turns.ts'

/** Pulls an asynchronous iterable. */
export class AsyncDelivery extends BaseDelivery implements Delivery {
  readonly #source: AsyncBody
  #iterator: AsyncIterator<Chunk> | null = null
  #pulling = false
  #turn: Turn | null = null
  #turnEnd = TURN_SIZE
  #chunks = 0
  readonly #take = (result: IteratorResult<Chunk>): void => this.#receive(result)
  readonly #refuse = (error: unknown): void => {
    this.#iterator = null
    this.fail(error)
  }

  constructor(sink: DeliverySink, body: AsyncBody, flow: Flow) {
    super(sink, body, flow)
    this.#source = body
  }

  start(): void {
    this.#pull()
  }

  resume(): void {
    if (!this.#pulling && this.#turn === null) this.#pull()
  }

  stop(): void {
    if (this.#turn !== null) cancelTurn(this.#turn)
    this.#leave()
    this.settle()
  }

  #pull(): void {
    if (this.done) return
    try {
      this.#iterator ??= this.#source[Symbol.asyncIterator]()
      this.#pulling = true
      this.#iterator.next().then(this.#take, this.#refuse)
    } catch (error) {
      this.#iterator = null
      this.fail(error)
    }
  }

  #receive(result: IteratorResult<Chunk>): void {
    this.#pulling = false
    if (this.done) return
    const { sink, flow } = this
    try {
      if (result.done) {
        this.#iterator = null
        this.finish()
        return
      }
      sink.push(result.value)
    } catch (error) {
      this.#leave()
      this.fail(error)
      return
    }
    if (sink.discardsBody) {
      this.#leave()
      this.finish()
      return
    }
    flow.flushSoon()
    if (flow.blocked) return
    if (sink.bytesSent < this.#turnEnd && ++this.#chunks < TURN_CHUNKS) {
      this.#pull()
      return
    }
    // Settled promises run before anything else does: without a pause, nobody would notice even that the client left.
    this.#turnEnd = sink.bytesSent + TURN_SIZE
    this.#chunks = 0
    this.#turn = nextTurn(() => {
      this.#turn = null
      if (!flow.blocked) this.#pull()
    })
  }

  // Not awaited: `return` waits behind a pending `next`, which may wait for what never comes.
  #leave(): void {
    const iterator = this.#iterator
    this.#iterator = null
    try {
      const left = iterator?.return?.() as Awaitable<unknown>
      if (left !== undefined && isPromise(left))
        this.flow.trackClosing(left.then(undefined, (error: unknown) => this.sink.noteClosing(error)))
    } catch (error) {
      this.sink.noteClosing(error)
    }
  }
}
