/** Messages that were received and not yet taken. */

/**
 * A text message is a string, a binary one bytes. Nobody writes into them later; their `buffer` may be larger, as with Node's own
 * buffers, so what keeps many short ones for long copies them.
 */
export type Message = string | Uint8Array<ArrayBuffer>

/** Beyond this, nothing more is read from the client until messages are taken. In bytes. */
const HIGH_WATER = 64 * 1024
/** What a message costs beside its content, so that empty ones count too. */
const OVERHEAD = 64

export class Incoming implements AsyncIterator<Message> {
  readonly #messages: Message[] = []
  /** Index of the oldest: taking from the front of a long array would move the rest. */
  #first = 0
  #size = 0
  #ended = false
  #discarding = false
  #waiting: Waiting | null = null
  /** Those that wait behind it, where the messages are asked for faster than they are received. */
  #others: Waiting[] | null = null
  #room: (() => void) | null = null
  /** A message was taken while the client waited for room. */
  readonly #onTaken: () => void

  constructor(onTaken: () => void) {
    this.#onTaken = onTaken
  }

  /** Nothing more should be read from the client now. */
  get full(): boolean {
    return this.#size >= HIGH_WATER
  }

  /** Resolves when it is no longer full, or nobody takes messages any more. */
  whenRoomy(): Promise<void> {
    return new Promise((resolve) => (this.#room = resolve))
  }

  add(message: Message): void {
    if (this.#discarding || this.#ended) return
    const waiting = this.#waiting
    if (waiting !== null) {
      this.#waiting = this.#others?.shift() ?? null
      waiting({ done: false, value: message })
      return
    }
    this.#messages.push(message)
    this.#size += message.length + OVERHEAD
  }

  /** No more messages follow. Those that wait can still be taken. */
  end(): void {
    this.#ended = true
    this.#waiting?.(END)
    for (const waiting of this.#others ?? []) waiting(END)
    this.#waiting = this.#others = null
  }

  /** Nobody takes any more of them. */
  discard(): void {
    this.#discarding = true
    this.#messages.length = 0
    this.#first = 0
    this.#size = 0
    this.#roomy()
  }

  next(): Promise<IteratorResult<Message>> {
    const message = this.#messages[this.#first]
    if (message === undefined) {
      if (this.#ended || this.#discarding) return Promise.resolve(END)
      const { promise, resolve } = Promise.withResolvers<IteratorResult<Message>>()
      if (this.#waiting === null) this.#waiting = resolve
      else (this.#others ??= []).push(resolve)
      return promise
    }
    this.#first++
    if (this.#first === this.#messages.length) {
      this.#messages.length = 0
      this.#first = 0
    }
    this.#size -= message.length + OVERHEAD
    if (this.#room !== null) {
      this.#onTaken()
      if (!this.full) this.#roomy()
    }
    return Promise.resolve({ done: false, value: message })
  }

  /** Leaving a loop leaves the rest to be taken. */
  return(): Promise<IteratorResult<Message>> {
    return Promise.resolve(END)
  }

  #roomy(): void {
    const room = this.#room
    this.#room = null
    room?.()
  }
}

type Waiting = (result: IteratorResult<Message>) => void

const END: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })
