/** Error codes of HTTP/2 (RFC 9113 §7). Here, so that `node:http2` is loaded only with its first connection. */
export const NO_ERROR = 0
export const INTERNAL_ERROR = 2
export const REFUSED_STREAM = 7
export const CANCEL = 8
export const ENHANCE_YOUR_CALM = 11
