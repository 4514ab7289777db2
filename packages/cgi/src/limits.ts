/** Caps on one request; sizes in bytes. */
export interface GatewayLimits {
  /** A longer target is 414. */
  readonly maxTargetSize: number
  /** Names and values of all `HTTP_` variables together; more is 431. */
  readonly maxHeaderSize: number
  /** Number of `HTTP_` variables; more is 431. */
  readonly maxHeaders: number
  /** A longer body is 413. */
  readonly maxBodySize: number
}

export const DEFAULT_GATEWAY_LIMITS: GatewayLimits = Object.freeze({
  maxTargetSize: 8 * 1024,
  maxHeaderSize: 16 * 1024,
  maxHeaders: 100,
  maxBodySize: 128 * 1024 * 1024,
})

/** Of the variables that are no fields, such as `DOCUMENT_ROOT`. */
const OTHER_VARIABLES = 16 * 1024
/** The target is in several variables: `REQUEST_URI`, `DOCUMENT_URI`, `PATH_INFO`, `QUERY_STRING`. */
const COPIES_OF_TARGET = 4

/** Variables of one request beyond this are not kept in memory to be judged. */
export const mostVariables = ({ maxHeaderSize, maxTargetSize }: GatewayLimits): number =>
  maxHeaderSize + COPIES_OF_TARGET * maxTargetSize + OTHER_VARIABLES
