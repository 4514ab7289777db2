/**
 * What the parsers report: one union, distinguished by `type`.
 *
 *     need-more ─┐                       ┌── data* ── end ── (next request)
 *                ├─ request ─────────────┤
 *     eof ───────┘                       └── error, broken (final, from any place)
 *
 * The members of a request have the names that `@tsgi/http1` gives them, so that one connection serves both.
 */

/** A request, from the variables of its gateway. */
export interface GatewayRequest {
  readonly type: 'request'
  readonly method: string
  /** Of the target, as the client sent it (`REQUEST_URI`), without the query: `/…`, or `*` with OPTIONS. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
  /** The part of `path` that leads to the application (`SCRIPT_NAME`); `''` where it has all of them. */
  readonly scriptName: string
  /** Flat list with lower-case names, values without outer whitespace, one character per byte. */
  readonly headers: readonly string[]
  /** The authority asked for: of an absolute target, else of Host; `''` where the client named none. */
  readonly host: string
  /** Of the gateway (`SERVER_NAME`); `''` where it gives none. */
  readonly serverName: string
  /** Of the gateway (`SERVER_PORT`); `null` where it gives none. */
  readonly serverPort: number | null
  /** `HTTP/1.0`, `HTTP/1.1`, `HTTP/2` or `HTTP/3`: what the client speaks to the gateway. */
  readonly protocol: string
  readonly scheme: 'http' | 'https'
  /** As the gateway writes it; `null` where it names none. */
  readonly remoteAddr: string | null
  readonly remotePort: number | null
  /** Bytes of the body; 0 for none, -1 where only its end will tell (FastCGI). */
  readonly bodyLength: number
  /** The connection may carry another request after this one. */
  readonly keepAlive: boolean
  /** No response of version 1.1 fits: no chunks, no interim responses, no other protocols. */
  readonly minorVersion: 0
  readonly expectContinue: false
  readonly upgrade: null
}

/** A part of a body. `bytes` is lent until the next call of the parser: copy what outlives it. */
export interface BodyData {
  readonly type: 'data'
  readonly bytes: Uint8Array
}

export interface RequestEnd {
  readonly type: 'end'
  /** No gateway passes trailers on. */
  readonly trailers: null
}

/** Nothing more can be reported until bytes arrive. */
export interface NeedMore {
  readonly type: 'need-more'
}

/** The gateway ended the connection between two requests. */
export interface EndOfStream {
  readonly type: 'eof'
}

/** A request that can be answered, with this status, and nothing after it is read. */
export interface RequestError {
  readonly type: 'error'
  readonly status: 400 | 413 | 414 | 431 | 501
  /** What was expected and what arrived, in one line. */
  readonly message: string
  /** The gateway left before the body was complete. */
  readonly incomplete: boolean
  readonly method: string | null
  readonly target: string | null
}

/** What was received is not this protocol, or breaks it: no answer would be understood. */
export interface Broken {
  readonly type: 'broken'
  /** What was expected and what arrived, in one line for the log. */
  readonly message: string
}

/** Bytes that answer a question of the gateway about this program: to be sent before anything else. One character per byte. */
export interface Reply {
  readonly type: 'reply'
  readonly text: string
}

/** The gateway wants no response to the present request any more. */
export interface Aborted {
  readonly type: 'aborted'
}

export type UwsgiEvent = GatewayRequest | BodyData | RequestEnd | NeedMore | EndOfStream | RequestError | Broken
export type FastCgiEvent = UwsgiEvent | Reply | Aborted

export const NEED_MORE: NeedMore = Object.freeze({ type: 'need-more' })
export const END_OF_STREAM: EndOfStream = Object.freeze({ type: 'eof' })
export const END: RequestEnd = Object.freeze({ type: 'end', trailers: null })
export const ABORTED: Aborted = Object.freeze({ type: 'aborted' })
