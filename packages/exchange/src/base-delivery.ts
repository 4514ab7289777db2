import type { Body } from '@tsgi/spec'
import type { DeliverySink } from './delivery-sink.ts'
import type { Flow } from './flow.ts'
import { ClientGoneError } from './errors.ts'

/** Bytes that a body which never has to wait may give before other work has its turn. */
export const TURN_SIZE: number = 256 * 1024
/** The same in chunks, of whatever size. */
export const TURN_CHUNKS = 1024

/** What all deliveries have in common: a body is closed once, and only the first end counts. */
export abstract class BaseDelivery {
  protected readonly sink: DeliverySink
  protected readonly flow: Flow
  readonly #body: Body
  done = false

  constructor(sink: DeliverySink, body: Body, flow: Flow) {
    this.sink = sink
    this.flow = flow
    this.#body = body
  }

  /** Closes the body without having asked it for anything. */
  discard(): void {
    this.finish()
  }

  protected finish(): void {
    if (this.settle()) this.sink.end()
  }

  protected fail(error: unknown): void {
    if (this.settle()) this.sink.fail(error)
    else if (!(error instanceof ClientGoneError)) this.sink.fail(error)
  }

  /** `false` when it was over before. */
  protected settle(): boolean {
    if (this.done) return false
    this.done = true
    this.sink.close(this.#body)
    return true
  }
}
