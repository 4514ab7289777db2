/** What a handler is given. */
import type { Awaitable } from '@tsgi/spec'
import type { Message } from './incoming.ts'

/** How a connection ended. */
export interface Closing {
  /** Of the close that the client or this side began; 1005 where it had none, 1006 where the connection was lost. */
  readonly code: number
  readonly reason: string
}

/**
 * A client. `for await (const message of socket)` gives its messages, and ends when it closes or is gone; what is not taken is not
 * read, so that a client is never faster than its handler.
 */
export interface WebSocketConnection extends AsyncIterable<Message> {
  /** The agreed subprotocol; `''` where there is none. */
  readonly protocol: string
  /** Made when first asked for. Aborts when the connection has ended, however it ended. */
  readonly signal: AbortSignal
  /** Resolves when the connection has ended; never rejects. */
  readonly closed: Promise<Closing>
  /**
   * Sends a string as text, bytes as binary. Bytes are given away: they may be sent later, so nobody writes into them.
   *
   * A promise means: wait, the client is slower than you. It resolves when there is room again. It rejects with a
   * `WebSocketClosedError` once the connection has ended, and never as an unhandled rejection, so a caller that does not wait is
   * safe too.
   *
   * @throws TypeError for another kind of value
   */
  send(message: string | Uint8Array): void | Promise<void>
  /**
   * Closes: the client's messages end with its answer. A second call does nothing.
   *
   * @param code 1000 by default; of 1000–1003, 1007–1014 and 3000–4999 (RFC 6455 §7.4)
   * @param reason at most 123 bytes of UTF-8
   * @throws RangeError for another code, or a longer reason
   */
  close(code?: number, reason?: string): void
}

/** Owns a connection. When it returns, the connection is closed with 1000; when it throws, with 1011, and the server logs the error. */
export type WebSocketHandler = (socket: WebSocketConnection) => Awaitable<void>
