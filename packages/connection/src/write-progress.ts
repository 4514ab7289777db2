/** Whether the peer takes what it is sent: what was handed out and is no longer queued, the kernel has taken for it. */
export class WriteProgress {
  /** The last time bytes were taken, or there were none to take. */
  at: number
  #queued = 0
  #taken = 0

  constructor(now: number) {
    this.at = now
  }

  /**
   * Looks at the queue. `true`: nothing of it was taken for `timeout` milliseconds, however much was added; 0 waits for ever.
   *
   * @param handed bytes that were ever put into the queue
   */
  isStuck(queued: number, handed: number, now: number, timeout: number): boolean {
    const taken = handed - queued
    const waits = queued > 0 && this.#queued > 0 && taken === this.#taken
    if (!waits && (queued > 0 || this.#queued > 0)) this.at = now
    this.#queued = queued
    this.#taken = taken
    return waits && timeout > 0 && now - this.at >= timeout
  }
}
