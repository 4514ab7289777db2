/** The two ends that a body on its way connects: its exchange, and what delivers it. */
import type { Body, Chunk } from '@tsgi/spec'

/** Where a body's chunks go: its exchange. */
export interface DeliverySink {
  /** Of the body, so far. */
  readonly bytesSent: number
  /** The body is not wanted, or no more of it: HEAD, 204, 205, 304. */
  readonly discardsBody: boolean
  /** Why the response is broken; `null` while it is not. */
  readonly failure: unknown
  /** @throws ResponseError where the chunk breaks a rule */
  push(chunk: Chunk): void
  flush(): void
  end(): void
  fail(error: unknown): void
  /** An iterator's `return` failed. */
  noteClosing(error: unknown): void
  /** Calls the body's own `close`. */
  close(body: Body): void
}

export interface Delivery {
  /** There is room again. */
  resume(): void
  /** Ends it before its end: the client left, or it failed. Leaves the iterator, then closes the body (G.3). */
  stop(): void
}
