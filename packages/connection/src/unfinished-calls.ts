/**
 * Calls of the application that go on though their response is over: the client left, or all was sent before the function returned.
 *
 * They are held weakly. One that waits for what nobody can give any more is collected with what it waits for, and neither
 * fills memory nor holds up the end.
 */
export class UnfinishedCalls {
  readonly #calls = new Set<WeakRef<PromiseLike<unknown>>>()
  readonly #onReturn: () => void
  #sweepAt = 64

  /** @param onReturn one of them has returned */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn
  }

  /** How many there are now. */
  get count(): number {
    this.#sweep()
    return this.#calls.size
  }

  add(call: PromiseLike<unknown>): void {
    if (this.#calls.size >= this.#sweepAt) {
      this.#sweep()
      this.#sweepAt = Math.max(64, 2 * this.#calls.size)
    }
    const reference = new WeakRef(call)
    this.#calls.add(reference)
    const returned = (): void => {
      this.#calls.delete(reference)
      this.#onReturn()
    }
    call.then(returned, returned)
  }

  #sweep(): void {
    for (const reference of this.#calls) if (reference.deref() === undefined) this.#calls.delete(reference)
  }
}
