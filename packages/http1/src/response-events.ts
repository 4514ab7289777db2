/**
 * What a {@link ResponseParser} reports: a union over `type`.
 *
 *     need-more ─┐                         ┌── data* ── end ── (next response)
 *                ├─ interim* ── response ──┤
 *     eof ───────┘                         └── error (final, from any place)
 */
import type { BodyData, EndOfStream, NeedMore } from './events.ts'
import type { BodyFraming } from './response-head.ts'

/** A 1xx response before the final one (RFC 9110 §15.2). 101 is final: it ends HTTP on the connection. */
export interface InterimResponse {
  readonly type: 'interim'
  readonly status: number
  /** One character per byte; `''` where there is none. */
  readonly reason: string
  /** 1 for HTTP/1.1 and any later 1.x, else 0. */
  readonly minorVersion: 0 | 1
  /** Flat list with lower-case names, values without outer whitespace, one character per byte. */
  readonly headers: readonly string[]
}

/** A final response's head; its body follows as `data` events and one `end`. */
export interface ReceivedResponse extends Omit<InterimResponse, 'type'> {
  readonly type: 'response'
  readonly framing: BodyFraming
  /** Bytes of the body; 0 for none, -1 where only its end tells. */
  readonly bodyLength: number
  /** Whether the connection may carry another response after this one (RFC 9112 §9.3). */
  readonly keepAlive: boolean
  /** Of a 101: the protocols that the connection now speaks, in order (RFC 9110 §7.8); else `null`. */
  readonly upgrade: readonly string[] | null
}

/** The response is complete. */
export interface ResponseEnd {
  readonly type: 'end'
  /** Trailer fields, flat like `headers`; `null` when there were none. */
  readonly trailers: readonly string[] | null
}

/** What a response did wrong. Final: nothing after it is ever parsed. */
export interface ResponseError {
  readonly type: 'error'
  /** What was expected and what was received, in one line. */
  readonly message: string
  /** The rule that was broken, such as `RFC 9112 §6.3`. */
  readonly clause: string
  /** The connection ended before the response did (RFC 9112 §8). */
  readonly incomplete: boolean
}

export type ResponseEvent =
  | InterimResponse
  | ReceivedResponse
  | BodyData
  | ResponseEnd
  | NeedMore
  | EndOfStream
  | ResponseError
