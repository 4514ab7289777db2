/** Whether the peer takes what it is sent: by the kernel's queue, of which a change is progress. */
export class WriteProgress {
  /** The last time bytes were taken, or there were none to take. */
  at: number
  #queued = 0

  constructor(now: number) {
    this.at = now
  }

  /** Looks at the queue. `true`: the same bytes have waited for `timeout` milliseconds; 0 waits for ever. */
  isStuck(queued: number, now: number, timeout: number): boolean {
    if (queued === this.#queued && queued > 0) return timeout > 0 && now - this.at >= timeout
    if (queued > 0 || this.#queued > 0) this.at = now
    this.#queued = queued
    return false
  }
}
