import type { Chunk, SyncBody } from '@tsgi/spec'
import { BaseDelivery, TURN_CHUNKS, TURN_SIZE } from './base-delivery.ts'
import type { Delivery, DeliverySink } from './delivery-sink.ts'
import type { Flow } from './flow.ts'
import { cancelTurn, nextTurn, type Turn } from './turns.ts'

/** Pulls a synchronous iterable. */
export class SyncDelivery extends BaseDelivery implements Delivery {
  readonly #source: SyncBody
  #iterator: Iterator<Chunk> | null = null
  #turn: Turn | null = null

  constructor(sink: DeliverySink, body: SyncBody, flow: Flow) {
    super(sink, body, flow)
    this.#source = body
  }

  start(): void {
    this.#pump()
  }

  resume(): void {
    if (this.#turn === null) this.#pump()
  }

  stop(): void {
    if (this.#turn !== null) cancelTurn(this.#turn)
    this.#leave()
    this.settle()
  }

  #pump(): void {
    const { sink, flow } = this
    const turnEnd = sink.bytesSent + TURN_SIZE
    let chunks = 0
    try {
      this.#iterator ??= this.#source[Symbol.iterator]()
      while (!this.done) {
        const result = this.#next(this.#iterator)
        if (result.done) {
          this.#iterator = null
          this.finish()
          return
        }
        sink.push(result.value)
        if (sink.discardsBody) {
          this.#leave()
          this.finish()
          return
        }
        if (flow.blocked) return
        if (sink.bytesSent > turnEnd || ++chunks > TURN_CHUNKS) {
          flow.flush()
          this.#turn = nextTurn(() => {
            this.#turn = null
            if (!this.done && !flow.blocked) this.#pump()
          })
          return
        }
      }
    } catch (error) {
      this.#leave()
      this.fail(error)
    }
  }

  /** G.3: an iterator that failed has left by itself. */
  #next(iterator: Iterator<Chunk>): IteratorResult<Chunk> {
    try {
      return iterator.next()
    } catch (error) {
      this.#iterator = null
      throw error
    }
  }

  #leave(): void {
    const iterator = this.#iterator
    this.#iterator = null
    try {
      iterator?.return?.()
    } catch (error) {
      this.sink.noteClosing(error)
    }
  }
}
