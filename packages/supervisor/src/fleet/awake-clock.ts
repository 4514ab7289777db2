/**
 * Time that passes only while this process runs.
 *
 * A supervisor that was suspended (SIGSTOP, a paused machine, a starved host) finds every worker's last word old, though
 * they spoke all the while and their words lie unread in the pipe. So a step of this clock is never longer than
 * `longestStep`: what a suspension adds to anybody's silence is bounded, and the next words are read before it runs out.
 */
export class AwakeClock {
  /** Milliseconds awake. */
  now = 0
  readonly #longestStep: number
  #seen: number | null = null

  constructor(longestStep: number) {
    this.#longestStep = longestStep
  }

  /** @param monotonic milliseconds of a clock that never goes back */
  advance(monotonic: number): number {
    if (this.#seen !== null) this.now += Math.min(Math.max(0, monotonic - this.#seen), this.#longestStep)
    this.#seen = monotonic
    return this.now
  }
}
