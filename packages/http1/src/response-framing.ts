/** How a response's body is delimited (RFC 9112 §6.3), decided once and strictly. */
import { Fault } from './fault.ts'
import type { FieldSection } from './field-section.ts'
import { readBodyLength } from './request-framing.ts'
import type { BodyFraming } from './response-head.ts'

export interface ResponseFraming {
  readonly framing: BodyFraming
  /** Bytes of the body; 0 for none, -1 where only its end tells. */
  readonly bodyLength: number
}

const NO_BODY: ResponseFraming = Object.freeze({ framing: 'none', bodyLength: 0 })
const CHUNKED: ResponseFraming = Object.freeze({ framing: 'chunked', bodyLength: -1 })
const UNTIL_CLOSE: ResponseFraming = Object.freeze({ framing: 'close', bodyLength: -1 })

/** @param method of the request that is answered */
export function readResponseFraming(
  fields: FieldSection,
  method: string,
  status: number,
  minorVersion: 0 | 1,
  maxBodySize: number,
): ResponseFraming | Fault {
  // 9112 §6.3, first and second: no body whatever the fields say. They are checked all the same: others may believe them.
  const none = hasNoBody(method, status)
  const length = readBodyLength(fields, minorVersion, none ? Number.MAX_SAFE_INTEGER : maxBodySize)
  if (length instanceof Fault) return length
  if (none) return NO_BODY
  if (length < 0) return CHUNKED
  return fields.contentLengths === 0 ? UNTIL_CLOSE : { framing: 'length', bodyLength: length }
}

function hasNoBody(method: string, status: number): boolean {
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return true
  return opensTunnel(method, status)
}

/** 9112 §6.3, second: what follows a 2xx to CONNECT is no HTTP. */
export const opensTunnel = (method: string, status: number): boolean =>
  method === 'CONNECT' && status >= 200 && status < 300
