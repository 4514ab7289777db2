import { isIPv6 } from 'node:net'

// reg-name or IPv4 (RFC 3986 §3.2.2) without the comma, which would make a list of it; an IPv6 literal stands in brackets.
const HOST = /^(?:\[([^\]]*)\]|(?:[\w.~!$&'()*+;=-]|%[\da-f]{2})+)(?::(\d{1,5}))?$/i

/** Whether a text is `uri-host[:port]` (RFC 9110 §7.2), as Host and X-Forwarded-Host carry. Not empty, no userinfo, no path. */
export function isHost(text: string): boolean {
  const match = HOST.exec(text)
  if (match === null) return false
  const [, literal, port] = match
  if (literal !== undefined && (literal.includes('%') || !isIPv6(literal))) return false
  return port === undefined || Number(port) <= 65_535
}
