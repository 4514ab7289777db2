import { concatBytes } from '../concat-bytes.ts'

/** What a stream reports to the exchange whose body it carries. */
export interface OutgoingStreamEvents {
  /** There is room again. */
  readonly onRoom: () => void
  /** The host has taken everything, the failure at its end included. */
  readonly onTaken: () => void
  /** The host reads no more. */
  readonly onCancel: (reason: unknown) => void
}

/** Bytes that the host may be behind before a body has to wait. */
const LIMIT = 64 * 1024

/**
 * A body in pieces as the `ReadableStream` that a host reads. Pieces that wait for the host leave as one, and the end is
 * reported only when the host took what was before it.
 */
export class OutgoingStream {
  readonly stream: ReadableStream<Uint8Array>
  readonly #events: OutgoingStreamEvents
  #controller!: ReadableStreamDefaultController<Uint8Array>
  /** The host has asked for a piece and was given none yet. */
  #wanted = false
  #waiting: Uint8Array[] = []
  #size = 0
  /** No more pieces follow; `error`: and the body is broken. */
  #ended: { readonly error?: unknown } | null = null
  #over = false

  constructor(events: OutgoingStreamEvents) {
    this.#events = events
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#pull(),
        cancel: (reason) => {
          this.#over = true
          this.#waiting = []
          events.onCancel(reason)
        },
      },
      { highWaterMark: 0 },
    )
  }

  get full(): boolean {
    return this.#size >= LIMIT
  }

  push(piece: Uint8Array): void {
    if (this.#wanted) {
      this.#wanted = false
      this.#controller.enqueue(piece)
      return
    }
    this.#waiting.push(piece)
    this.#size += piece.length
  }

  end(): void {
    this.#ended = {}
    this.#endWhenTaken()
  }

  /** Ends with an error, after what was given before. */
  breakOff(error: unknown): void {
    this.#ended = { error }
    this.#endWhenTaken()
  }

  /** Ends with an error, now. */
  abort(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#waiting = []
    this.#controller.error(error)
  }

  #pull(): void {
    if (this.#size === 0) {
      this.#wanted = true
      this.#endWhenTaken()
      return
    }
    const piece = concatBytes(this.#waiting)
    this.#waiting = []
    this.#size = 0
    this.#controller.enqueue(piece)
    if (this.#ended === null) this.#events.onRoom()
    else this.#endWhenTaken()
  }

  #endWhenTaken(): void {
    if (this.#ended === null || this.#size > 0 || this.#over) return
    this.#over = true
    if ('error' in this.#ended) this.#controller.error(this.#ended.error)
    else this.#controller.close()
    this.#events.onTaken()
  }
}
