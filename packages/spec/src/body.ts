/**
 * A response body: what an application gives back to the server (SPEC B).
 */
import type { Awaitable } from './awaitable.ts'

/** One piece of a body. A string is sent as UTF-8. An empty chunk is allowed and sends nothing. */
export type Chunk = Uint8Array | string

/**
 * Called by the server exactly once, whatever happened: the end, an error, a client that left, a body that was never
 * iterated (SPEC G.1, G.2). A body without `close` is closed by its `Symbol.asyncDispose` or `Symbol.dispose`, where it
 * has one.
 */
export interface BodyHooks {
  close?: (() => Awaitable<void>) | undefined
}

/** Pulled by the server, one chunk at a time, as the client takes them. */
export interface SyncBody extends Iterable<Chunk>, BodyHooks {}

/** Pulled by the server, one chunk at a time, as the client takes them; may wait between chunks. */
export interface AsyncBody extends AsyncIterable<Chunk>, BodyHooks {}

/** Push style: the function writes, and the body ends when its result settles. */
export interface StreamingBody extends BodyHooks {
  (out: BodyWriter): Awaitable<void>
}

/** Where a {@link StreamingBody} writes. */
export interface BodyWriter {
  /**
   * Sends a chunk. A promise means: wait, the client is slower than you; it resolves when there is room again. It
   * rejects once the client is gone, and never as an unhandled rejection, so a caller that does not wait is safe too.
   */
  write(chunk: Chunk): void | Promise<void>
  /** Sends the head and what is buffered now. */
  flush(): Awaitable<void>
}

/**
 * What an application returns. `null` is an empty body. `null`, strings, bytes and arrays have a known length, which the
 * server sends as `content-length`; the others are chunked on HTTP/1.1 unless the application declared a length.
 */
export type Body = null | Chunk | readonly Chunk[] | SyncBody | AsyncBody | StreamingBody
