/**
 * Who the client is, by the word of trusted proxies: X-Forwarded-For, -Proto, -Host and -Port, or Forwarded (RFC 7239).
 *
 * Each proxy appends what it saw, so only the right end of a list is trustworthy: the walk starts there and goes left for as
 * long as the address it finds is itself a trusted proxy. What the client wrote lies further left and is never reached. What
 * cannot be read ends the walk; the client is then the last address that could be believed.
 *
 * A field is believed only where the proxy is known to set it: one that does not passes on what the client wrote
 * (decisions/0002). A request with any believed X- field is judged by these alone (decisions/0001).
 */
import { joinLines } from './field-lines.ts'
import { isHost } from './host.ts'
import { parseIpNode } from './ip-address.ts'
import { trimBlanks } from './list-members.ts'
import type { TrustedProxies } from './trusted-proxies.ts'

/** X-Forwarded-For, -Proto, -Host and -Port, and Forwarded as a whole. */
export type ForwardedField = 'for' | 'proto' | 'host' | 'port' | 'forwarded'

/** What proxies set by their usual configuration; nginx and HAProxy pass on a client's own X-Forwarded-Host and Forwarded. */
export const DEFAULT_FORWARDED_FIELDS: readonly ForwardedField[] = Object.freeze(['for', 'proto'])

export interface ForwardedClient {
  /** Canonical spelling. The peer itself where the fields name nobody who can be believed. */
  readonly remoteAddr: string | null
  /** `null` where the fields name no port. */
  readonly remotePort: number | null
  /** `null`: not told, or not believed. */
  readonly scheme: 'http' | 'https' | null
  /** A valid `uri-host[:port]` as sent; `null`: not told, or not believed. */
  readonly host: string | null
  /** The port that the client connected to; `null`: not sent, or not believed. */
  readonly port: number | null
}

/**
 * The client that stands behind a peer.
 *
 * @param peer the address of the connection's other end; `null` on a unix socket
 * @param headers flat list, names in lower case
 * @param fields those that every trusted proxy sets or removes; the others are not looked at
 * @returns `null` where the peer is not trusted or sent no such fields
 */
export function forwardedClient(
  peer: string | null,
  headers: readonly string[],
  trusted: TrustedProxies,
  fields: readonly ForwardedField[] = DEFAULT_FORWARDED_FIELDS,
): ForwardedClient | null {
  let xFor: string | undefined
  let xProto: string | undefined
  let xHost: string | undefined
  let xPort: string | undefined
  let forwarded: string | undefined
  for (let i = 0; i < headers.length; i += 2) {
    const value = headers[i + 1] as string
    switch (headers[i]) {
      case 'x-forwarded-for':
        if (fields.includes('for')) xFor = joinLines(xFor, value)
        break
      case 'x-forwarded-proto':
        if (fields.includes('proto')) xProto = joinLines(xProto, value)
        break
      case 'x-forwarded-host':
        if (fields.includes('host')) xHost = joinLines(xHost, value)
        break
      case 'x-forwarded-port':
        if (fields.includes('port')) xPort = joinLines(xPort, value)
        break
      case 'forwarded':
        if (fields.includes('forwarded')) forwarded = joinLines(forwarded, value)
        break
    }
  }
  const hasX = xFor !== undefined || xProto !== undefined || xHost !== undefined || xPort !== undefined
  if ((!hasX && forwarded === undefined) || !trusted.trusts(peer)) return null
  return hasX ? byXFields(peer, { xFor, xProto, xHost, xPort }, trusted) : byForwarded(peer, forwarded ?? '', trusted)
}

interface XFields {
  readonly xFor: string | undefined
  readonly xProto: string | undefined
  readonly xHost: string | undefined
  readonly xPort: string | undefined
}

function byXFields(
  peer: string | null,
  { xFor, xProto, xHost, xPort }: XFields,
  trusted: TrustedProxies,
): ForwardedClient {
  let remoteAddr = peer
  let remotePort: number | null = null
  const hops = xFor === undefined ? [] : entriesOf(xFor)
  let i = hops.length
  while (i > 0) {
    const node = parseIpNode(hops[i - 1] as string)
    if (node === null) break
    i -= 1
    remoteAddr = node.address
    remotePort = node.port
    if (!trusted.trusts(node.address)) break
  }
  return {
    remoteAddr,
    remotePort,
    scheme: scheme(sameHop(xProto, i, hops.length)),
    host: host(sameHop(xHost, i, hops.length)),
    port: port(sameHop(xPort, i, hops.length)),
  }
}

/**
 * The entry of the proxy that saw the client. Most proxies overwrite proto and host, so there is one; where each appended
 * one, it stands at the place of the client's address. Any other number leaves open who wrote what, so none is believed.
 */
function sameHop(value: string | undefined, index: number, count: number): string | undefined {
  if (value === undefined) return undefined
  const entries = entriesOf(value)
  return entries.length === 1 ? entries[0] : entries.length === count ? entries[index] : undefined
}

/** Of a list in which nothing is quoted. Empty ones are passed over (RFC 9110 §5.6.1.2). */
const entriesOf = (value: string): string[] => value.split(',').map(trimBlanks).filter(Boolean)

function byForwarded(peer: string | null, value: string, trusted: TrustedProxies): ForwardedClient {
  let remoteAddr = peer
  let remotePort: number | null = null
  let believed: ForwardedElement = NOTHING_SAID
  let rest: string | null = value
  while (rest !== null) {
    const comma = lastComma(rest)
    const text: string = trimBlanks(rest.slice(comma + 1))
    rest = comma === -1 ? null : rest.slice(0, comma)
    if (text === '') continue
    const element = parseElement(text)
    if (element === null) break
    believed = element
    const node = element.for === undefined ? null : parseIpNode(element.for)
    if (node === null) break
    remoteAddr = node.address
    remotePort = node.port
    if (!trusted.trusts(node.address)) break
  }
  return { remoteAddr, remotePort, scheme: scheme(believed.proto), host: host(believed.host), port: null }
}

interface ForwardedElement {
  readonly for?: string | undefined
  readonly proto?: string | undefined
  readonly host?: string | undefined
}

const NOTHING_SAID: ForwardedElement = {}

/**
 * The last comma outside quotes, found from the right: read from the left, a quote that the client left open would swallow
 * what the proxies appended.
 */
function lastComma(text: string): number {
  let quoted = false
  for (let i = text.length - 1; i >= 0; i--) {
    const char = text[i]
    if (char === '"' && !(quoted && isEscaped(text, i))) quoted = !quoted
    else if (char === ',' && !quoted) return i
  }
  return -1
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0
  while (text[index - 1 - backslashes] === '\\') backslashes += 1
  return backslashes % 2 === 1
}

// A pair's unquoted value is a token (RFC 7239 §4). Proxies are known to leave a port or an IPv6 address unquoted; that is
// read as well, because the alternative is to take the proxy for the client.
const PAIR = /^[ \t]*([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;=]+))[ \t]*(?:;|$)/

function parseElement(text: string): ForwardedElement | null {
  const pairs = new Map<string, string>()
  let rest = text
  do {
    const match = PAIR.exec(rest)
    if (match === null) return null
    const [whole, name = '', quoted, token] = match
    const key = name.toLowerCase()
    // RFC 7239 §4: each parameter at most once in an element.
    if (pairs.has(key)) return null
    pairs.set(key, quoted === undefined ? (token ?? '') : quoted.replaceAll(/\\(.)/g, '$1'))
    rest = rest.slice(whole.length)
  } while (rest.trim() !== '')
  return { for: pairs.get('for'), proto: pairs.get('proto'), host: pairs.get('host') }
}

/** Some proxies name the WebSocket scheme of an upgrade request; the request itself is HTTP. */
function scheme(value: string | undefined): 'http' | 'https' | null {
  switch (value?.trim().toLowerCase()) {
    case 'https':
    case 'wss':
      return 'https'
    case 'http':
    case 'ws':
      return 'http'
    default:
      return null
  }
}

function port(value: string | undefined): number | null {
  const number = value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : 0
  return number >= 1 && number <= 65_535 ? number : null
}

function host(value: string | undefined): string | null {
  const text = value?.trim()
  return text !== undefined && isHost(text) ? text : null
}
