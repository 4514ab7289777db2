/** Caps on one message; sizes in bytes. The status is what a request beyond it is answered with. */
export interface MessageLimits {
  /** All field lines of a head, or of the trailers, together; more is 431. */
  readonly maxHeaderSize: number
  /** Field lines of a head, or of the trailers; more is 431. */
  readonly maxHeaders: number
  /** A longer body is 413. */
  readonly maxBodySize: number
}

/** Caps on one request; sizes in bytes. */
export interface ParserLimits extends MessageLimits {
  /** Longer is 414. */
  readonly maxTargetSize: number
}

export const DEFAULT_PARSER_LIMITS: ParserLimits = Object.freeze({
  maxTargetSize: 8 * 1024,
  maxHeaderSize: 16 * 1024,
  maxHeaders: 100,
  maxBodySize: 128 * 1024 * 1024,
})

/** Of responses: the server was chosen by the client, and a body is handed on piece by piece, so its size has no cap. */
export const DEFAULT_RESPONSE_LIMITS: MessageLimits = Object.freeze({
  maxHeaderSize: 16 * 1024,
  maxHeaders: 100,
  maxBodySize: Number.MAX_SAFE_INTEGER,
})

/** Overlong methods are 501 (RFC 9112 §3); the longest registered one has 18 bytes. */
export const MAX_METHOD_SIZE = 32
/** Of a status line (RFC 9112 §4). */
export const MAX_REASON_SIZE = 1024
/** One chunk-size line with its extensions (RFC 9112 §7.1.1). */
export const MAX_CHUNK_LINE_SIZE = 1024
/** All chunk extensions of one body together: they mean nothing, so nobody needs many (CVE-2023-39326 and kin). */
export const MAX_CHUNK_EXTENSIONS_SIZE: number = 16 * 1024
