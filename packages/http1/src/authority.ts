/**
 * Host and the authority of an absolute-form target: `uri-host [":" port]` (RFC 9110 §7.2, RFC 3986 §3.2.2).
 */
import { isIPv6 } from 'node:net'

// reg-name without the sub-delims that no host has and that attacks use: comma, quotes, parentheses and the like.
const NAME_OR_IPV4 = /^(?:[A-Za-z0-9\-._~]|%[0-9A-Fa-f]{2})+(?::\d{0,5})?$/
// An address of a later version (IPvFuture) has never been assigned: nothing could be reached by it, so it is no host here.
const IPV6 = /^\[([0-9A-Fa-f:.]{2,45})\](?::\d{0,5})?$/

/** Whether this is one host with an optional port: no userinfo, path, comma, or nothing at all. */
export function isAuthority(value: string): boolean {
  if (!NAME_OR_IPV4.test(value) && !isIPv6(IPV6.exec(value)?.[1] ?? '')) return false
  const port = value.endsWith(']') ? -1 : value.lastIndexOf(':')
  return port <= 0 || Number(value.slice(port + 1)) <= 65_535
}

/**
 * The last good Host, as bytes and as text. Consecutive requests mostly ask for one host: comparing bytes costs less than
 * making a string and checking it, and one string for all lets whoever comes later compare at a glance.
 */
let lastBytes: Uint8Array = new Uint8Array(0)
let lastText = ''

/** The shared text of a Host value that equals the last good one; `null` for any other. */
export function knownAuthority(bytes: Uint8Array, start: number, end: number): string | null {
  const length = end - start
  if (length !== lastBytes.length || length === 0) return null
  for (let i = 0; i < length; i++) if (bytes[start + i] !== lastBytes[i]) return null
  return lastText
}

/** As {@link isAuthority}, of a Host value, which is remembered when it is good. */
export function isHost(value: string): boolean {
  if (value === lastText && value !== '') return true
  if (!isAuthority(value)) return false
  lastText = value
  lastBytes = Buffer.from(value, 'latin1')
  return true
}
