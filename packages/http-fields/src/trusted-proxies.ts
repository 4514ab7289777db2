import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { canonicalAddress } from './ip-address.ts'

/** The peers whose forwarding fields are believed. */
export interface TrustedProxies {
  /** Whether this peer is one of them; `null` is the peer of a unix socket. */
  trusts(address: string | null): boolean
}

const EVERYBODY: TrustedProxies = { trusts: () => true }

/**
 * The set of trusted proxies: addresses, CIDR blocks, `'unix'` for the peers of a unix socket, `'*'` for everybody. An
 * empty list trusts nobody. An IPv4 entry holds for the IPv4-mapped IPv6 address as well.
 *
 * @throws TypeError naming the entry that is none of these
 * @example trustedProxies(['127.0.0.1', '10.0.0.0/8', 'unix']).trusts('10.1.2.3') // true
 */
export function trustedProxies(list: readonly string[]): TrustedProxies {
  const blocks = new BlockList()
  let unix = false
  let everybody = false
  for (const entry of list) {
    if (entry === '*') everybody = true
    else if (entry === 'unix') unix = true
    else if (!addBlock(blocks, entry)) {
      throw new TypeError(
        `trusted proxies: expected an IP address, a CIDR block such as 10.0.0.0/8, 'unix' or '*', got ${JSON.stringify(entry)}`,
      )
    }
  }
  if (everybody) return EVERYBODY
  return {
    trusts(address) {
      if (address === null) return unix
      // check() takes 0.1 µs, knows IPv4-mapped addresses and ignores a zone.
      if (isIPv4(address)) return blocks.check(address)
      return isIPv6(address) && blocks.check(address, 'ipv6')
    },
  }
}

const BLOCK = /^([^/%]+)(?:\/(\d{1,3}))?$/

function addBlock(blocks: BlockList, entry: string): boolean {
  const [, text = '', digits] = BLOCK.exec(entry) ?? []
  const address = canonicalAddress(text)
  if (address === null) return false
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const mappedBits = family === 'ipv4' && isIPv6(text) ? 96 : 0
  const length = family === 'ipv4' ? 32 : 128
  const prefix = digits === undefined ? length : Number(digits) - mappedBits
  if (prefix < 0 || prefix > length) return false
  blocks.addSubnet(address, prefix, family)
  return true
}
