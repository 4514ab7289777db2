/** How long a request's body is (RFC 9112 §6), decided once and strictly: a doubt here is request smuggling. */
import { Fault } from './fault.ts'
import type { FieldSection } from './field-section.ts'
import { lowerCaseMembers } from './list-tokens.ts'

const DIGITS = /^(?:0|[1-9][0-9]{0,15})$/

/** Bytes of the body; -1 when chunked. */
export function readBodyLength(fields: FieldSection, minorVersion: 0 | 1, maxBodySize: number): number | Fault {
  if (fields.transferEncodings > 0) return readTransferEncoding(fields, minorVersion)
  if (fields.contentLengths === 0) return 0
  if (fields.contentLengths > 1) return new Fault(400, 'there is more than one Content-Length')
  const length = DIGITS.test(fields.contentLength) ? Number(fields.contentLength) : Number.NaN
  if (!Number.isSafeInteger(length)) {
    return new Fault(400, 'Content-Length is a decimal number without sign or leading zeros, below 2^53')
  }
  if (length > maxBodySize) return new Fault(413, `the body is larger than ${maxBodySize} bytes`)
  return length
}

function readTransferEncoding(fields: FieldSection, minorVersion: 0 | 1): number | Fault {
  if (minorVersion === 0) return new Fault(400, 'no Transfer-Encoding in HTTP/1.0')
  // 9112 §6.1: both framings at once is how requests are smuggled.
  if (fields.contentLengths > 0) return new Fault(400, 'Transfer-Encoding and Content-Length may not come together')
  if (fields.transferEncodings === 1 && fields.transferEncoding.toLowerCase() === 'chunked') return -1
  const codings = lowerCaseMembers(fields.transferEncoding)
  if (codings.length === 0) return new Fault(400, 'Transfer-Encoding is empty')
  const chunked = codings.findIndex((coding) => coding === 'chunked' || coding.startsWith('chunked;'))
  // 9112 §6.3: chunked ends what is framed, so nothing may follow it.
  if (chunked >= 0 && chunked < codings.length - 1)
    return new Fault(400, 'the last transfer coding must be "chunked", once')
  if (chunked === 0) return new Fault(400, 'Transfer-Encoding is exactly one "chunked", without parameters')
  return new Fault(501, 'the only transfer coding served is "chunked"')
}
