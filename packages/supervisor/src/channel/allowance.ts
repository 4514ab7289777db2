/**
 * How much a worker may write to its channel. A worker that logs an error for each of its requests stays well below it; the supervisor
 * reads what it allows in a small part of its time.
 */
const MESSAGES_A_SECOND = 20_000
const BYTES_A_SECOND = 64 * 2 ** 20

/** Counts by the second. What a worker could not send while the supervisor was suspended is bounded in the worker. */
export class Allowance {
  readonly #now: () => number
  #second = -1
  #messages = 0
  #bytes = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  takeBytes(count: number): boolean {
    this.#renew()
    this.#bytes += count
    return this.#bytes <= BYTES_A_SECOND
  }

  takeMessage(): boolean {
    this.#renew()
    return ++this.#messages <= MESSAGES_A_SECOND
  }

  #renew(): void {
    const second = Math.floor(this.#now() / 1_000)
    if (second === this.#second) return
    this.#second = second
    this.#messages = this.#bytes = 0
  }
}
