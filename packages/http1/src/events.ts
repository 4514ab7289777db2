/**
 * What a {@link RequestParser} tells: one union, told apart by `type`.
 *
 *     need-more ─┐                       ┌── data* ── end ── (next request)
 *                ├─ request ─────────────┤
 *     eof ───────┘                       └── error (final, from any place)
 */

/** A request head that keeps every rule; its body follows as `data` events and one `end`. */
export interface RequestHead {
  readonly type: 'request'
  readonly method: string
  /** As sent, without the query: `/…`, or `*` with OPTIONS. Of an absolute-form target, its path. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
  /** 1 for HTTP/1.1 and any later 1.x, else 0. */
  readonly minorVersion: 0 | 1
  /** Flat list with lower-case names, values without outer whitespace, one character per byte. Host is the effective one. */
  readonly headers: readonly string[]
  /** The authority asked for (RFC 9110 §7.1): of an absolute-form target, else Host; `''` where HTTP/1.0 named none. */
  readonly host: string
  /** Bytes of the body; 0 for none, -1 when chunked. */
  readonly bodyLength: number
  /** Whether the connection may carry another request after this one (RFC 9112 §9.3). */
  readonly keepAlive: boolean
  /** The client waits for 100 Continue before it sends its body (RFC 9110 §10.1.1). */
  readonly expectContinue: boolean
  /** Protocols of an Upgrade that may be accepted (RFC 9110 §7.8), in the client's order; `null` when none was asked for. */
  readonly upgrade: readonly string[] | null
}

/** Part of a body. `bytes` is lent until the next call of any parser: copy what outlives it. */
export interface BodyData {
  readonly type: 'data'
  readonly bytes: Uint8Array
}

/** The request is complete. */
export interface RequestEnd {
  readonly type: 'end'
  /** Trailer fields, flat like `headers`; `null` when there were none. */
  readonly trailers: readonly string[] | null
}

/** Nothing more can be told until bytes come. */
export interface NeedMore {
  readonly type: 'need-more'
}

/** The peer ended the connection between two requests. */
export interface EndOfStream {
  readonly type: 'eof'
}

/** What a request did wrong. Final: nothing after it is ever parsed. */
export interface ProtocolError {
  readonly type: 'error'
  /** The status to answer with, then close. */
  readonly status: ErrorStatus
  /** What was expected and what came, in one line; safe to show to the client. */
  readonly message: string
  /** The body ended before its framing said (RFC 9112 §6.3); the peer is not listening for an answer to a bad request. */
  readonly incomplete: boolean
  /** As far as the request line was read, for a log. */
  readonly method: string | null
  readonly target: string | null
}

export type ErrorStatus = 400 | 413 | 414 | 417 | 431 | 501 | 505

export type RequestEvent = RequestHead | BodyData | RequestEnd | NeedMore | EndOfStream | ProtocolError

export const NEED_MORE: NeedMore = Object.freeze({ type: 'need-more' })
export const END_OF_STREAM: EndOfStream = Object.freeze({ type: 'eof' })
export const END_WITHOUT_TRAILERS: RequestEnd = Object.freeze({ type: 'end', trailers: null })
