/**
 * Host and the authority of an absolute-form target: `uri-host [":" port]` (RFC 9110 §7.2, RFC 3986 §3.2.2).
 */

// reg-name without the sub-delims that no host has and that attacks use: comma, quotes, parentheses and the like.
const NAME_OR_IPV4 = /^(?:[A-Za-z0-9\-._~]|%[0-9A-Fa-f]{2})+(?::\d{0,5})?$/
const IP_LITERAL = /^\[(?:[0-9A-Fa-f:.]{2,45}|v[0-9A-Fa-f]+\.[A-Za-z0-9\-._~:]+)\](?::\d{0,5})?$/

// Consecutive requests mostly ask for one host: a comparison instead of a pattern.
let lastGood = ''

/**
 * The value itself where it is one host with an optional port; `null` with userinfo, a path, a comma, or nothing at all.
 * Equal values give one string, so that whoever compares the next one with the last does so at a glance.
 */
export function readAuthority(value: string): string | null {
  if (value === lastGood && value !== '') return lastGood
  if (!(NAME_OR_IPV4.test(value) || IP_LITERAL.test(value))) return null
  const port = value.endsWith(']') ? -1 : value.lastIndexOf(':')
  if (port > 0 && Number(value.slice(port + 1)) > 65_535) return null
  lastGood = value
  return value
}
