import type { Chunk } from '@tsgi/spec'

/** What a body on its way tells the exchange that it belongs to. */
export interface Delivery {
  /** Whether the head is certain, so that it is too late for another. */
  readonly headSent: boolean
  /** The first bytes are there, or the application flushed: the head is certain now. Throws where there is none. */
  begin(): void
  /** Throws for what goes beyond the declared length. */
  encode(chunk: Chunk): Uint8Array
  /** Everything was given. Throws where that is less than was declared. */
  end(): Promise<void>
  /** The body broke off after the head. */
  fail(error: unknown): Promise<void>
  /** The host reads no more. */
  leave(reason: unknown): Promise<void>
}

/** A body on its way to the host. */
export interface OutgoingBody {
  readonly stream: ReadableStream<Uint8Array>
  /** Resolves when there is something to send, or it is certain that there is nothing; rejects if the body failed before. */
  readonly begun: Promise<void>
  /** Nobody will read it. */
  stop(reason: unknown): void
}
