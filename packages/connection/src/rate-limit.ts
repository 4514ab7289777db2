/** Counts what a client does in a second. */
import type { Clock } from './clock.ts'

const SECOND = 1_000

export class RateLimit {
  readonly #most: number
  readonly #clock: Clock
  #since: number
  #count = 0

  /** @param most times a second */
  constructor(most: number, clock: Clock) {
    this.#most = most
    this.#clock = clock
    this.#since = clock.now
  }

  /** It happened once more. `true`: too often. */
  exceeded(): boolean {
    const { now } = this.#clock
    if (now - this.#since >= SECOND) {
      this.#since = now
      this.#count = 0
    }
    return ++this.#count > this.#most
  }
}
