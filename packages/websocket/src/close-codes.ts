/** Codes of a close (RFC 6455 §7.4.1). */
export const NORMAL = 1000
export const GOING_AWAY = 1001
export const PROTOCOL_ERROR = 1002
/** Never sent: a close without a code. */
export const NO_CODE = 1005
/** Never sent: the connection ended without a close. */
export const LOST = 1006
export const INVALID_TEXT = 1007
export const POLICY = 1008
export const TOO_LARGE = 1009
export const INTERNAL_ERROR = 1011

/** How the errors of the codec, which its documentation lists by their code, are said to the client. */
const CODES: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: INVALID_TEXT,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: TOO_LARGE,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: TOO_LARGE,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: POLICY,
}

export function closeCodeFor(error: { readonly code?: string }): number {
  const { code = '' } = error
  // What zlib cannot read is no text and no message either (7692 §7.2.2 leaves the code open; `ws` says 1007).
  return CODES[code] ?? (code.startsWith('WS_ERR_') ? PROTOCOL_ERROR : INVALID_TEXT)
}

/** Whether an application may close with this code: 1000–1003, 1007–1014 of the registry, 3000–4999 of its own. */
export const maySend = (code: number): boolean =>
  Number.isInteger(code) &&
  ((code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999))
