/** How long workers may say nothing. Half of that makes a worker suspect: others take its connections; all of it ends it. */
import type { AwakeClock } from './awake-clock.ts'
import type { WorkerRecord } from './worker-record.ts'

export class Silence {
  readonly #clock: AwakeClock
  readonly #limit: number

  /** @param limit in milliseconds; 0 does not mind */
  constructor(clock: AwakeClock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  isSuspect(worker: WorkerRecord): boolean {
    return this.#isMinded(worker) && this.#clock.now - worker.heard > this.#limit / 2
  }

  isTooLong(worker: WorkerRecord): boolean {
    return this.#isMinded(worker) && this.#clock.now - worker.heard > this.#limit
  }

  /** When the worker's silence will mean something next, if it goes on; that may be past. */
  next(worker: WorkerRecord): readonly number[] {
    // It has to be longer than the limit, hence the millisecond.
    return this.#isMinded(worker) ? [worker.heard + this.#limit / 2 + 1, worker.heard + this.#limit + 1] : []
  }

  #isMinded({ phase }: WorkerRecord): boolean {
    // Loading is one long turn of the loop more often than not; the boot timeout watches over it.
    return this.#limit > 0 && phase !== 'booting' && phase !== 'loaded' && phase !== 'ended'
  }
}
