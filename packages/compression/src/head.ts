/** What a head says about compression, and what it says after it. */
import { header, headers, type HeaderList } from '@tsgi/spec'
import type { Coding, Settings } from './options.ts'

const DIGESTS = ['content-digest', 'repr-digest', 'digest', 'content-md5']

/** Whether the body that this head announces may be sent in another form, whatever its length. */
export function mayCompress(status: number, fields: HeaderList, settings: Settings): boolean {
  // A range is of the form that the client has; 204, 205 and 304 have no body.
  if (status === 204 || status === 205 || status === 206 || status === 304) return false
  if (header(fields, 'content-range') !== undefined) return false
  const coding = header(fields, 'content-encoding')
  if (coding !== undefined && coding.toLowerCase() !== 'identity') return false
  // RFC 9111 §5.2.2.6.
  if (headers(fields, 'cache-control').some((value) => /(?:^|[\s,])no-transform(?:$|[\s,])/i.test(value))) return false
  // RFC 9530 §2, §3: a digest of these bytes would be wrong.
  if (DIGESTS.some((name) => header(fields, name) !== undefined)) return false
  return settings.compressible(mediaType(fields))
}

export const mediaType = (fields: HeaderList): string =>
  (header(fields, 'content-type')?.split(';', 1)[0] ?? '').trim().toLowerCase()

/** Of a body whose form depends on the client. */
export function withVary(fields: HeaderList): HeaderList {
  const names = headers(fields, 'vary')
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().toLowerCase())
  return names.includes('*') || names.includes('accept-encoding') ? fields : [...fields, 'vary', 'accept-encoding']
}

/**
 * Of a compressed body: its length is another, a strong entity tag vouches for bytes that are not sent (RFC 9110 §8.8.3.3), and
 * a range of it could not be served.
 */
export function compressedHead(fields: HeaderList, coding: Coding): HeaderList {
  const result: string[] = []
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string
    const value = fields[i + 1] as string
    if (name === 'content-length' || name === 'content-encoding' || name === 'accept-ranges') continue
    result.push(name, name === 'etag' && value.startsWith('"') ? `W/${value}` : value)
  }
  result.push('content-encoding', coding)
  return withVary(result)
}
