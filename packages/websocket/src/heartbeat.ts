/** Notices that a client is gone which does not say so: nothing was received from it, not even a reply to a ping. */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout
  #heard = true
  #asked = false

  /**
   * @param idle in milliseconds
   * @param ping asks the client for a sign; returns false where it cannot be asked, which excuses its silence
   * @param dead called at most once
   */
  constructor(idle: number, ping: () => boolean, dead: () => void) {
    this.#timer = setInterval(() => {
      if (this.#heard) {
        this.#heard = false
        this.#asked = false
      } else if (!this.#asked) {
        this.#asked = ping()
      } else {
        this.stop()
        dead()
      }
    }, idle / 2)
    this.#timer.unref()
  }

  /** Something was received. A word for each message is cheaper than a timer for each. */
  hear(): void {
    this.#heard = true
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
