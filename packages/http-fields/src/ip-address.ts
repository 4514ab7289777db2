import { isIPv4, isIPv6, SocketAddress } from 'node:net'

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/

/**
 * One spelling for each IP address: lower case, shortest form, no zone, and an IPv4-mapped IPv6 address as the IPv4 address
 * that it is. `null` for what is no address.
 *
 * @example canonicalAddress('::FFFF:7f00:1') // '127.0.0.1'
 */
export function canonicalAddress(text: string): string | null {
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return null
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  return MAPPED.exec(address)?.[1] ?? address
}

export interface IpNode {
  /** Canonical, see {@link canonicalAddress}. */
  readonly address: string
  readonly port: number | null
}

// The port may be hidden behind an `obfport` (RFC 7239 §6.2): then the address still counts.
const WITH_PORT = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(?:(\d{1,5})|_[\w.-]+))?$/

/** Reads `address`, `address:port`, `[address]` or `[address]:port`; `null` for anything else. */
export function parseIpNode(text: string): IpNode | null {
  const bare = canonicalAddress(text)
  if (bare !== null) return { address: bare, port: null }
  const match = WITH_PORT.exec(text)
  if (match === null) return null
  const [, bracketed, plain, digits] = match
  if (bracketed === undefined ? !isIPv4(plain ?? '') : !isIPv6(bracketed)) return null
  const address = canonicalAddress(bracketed ?? plain ?? '')
  const port = digits === undefined ? null : Number(digits)
  if (address === null || (port !== null && port > 65_535)) return null
  return { address, port }
}
