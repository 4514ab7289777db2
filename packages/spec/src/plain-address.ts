const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/**
 * An address as a socket reports it, as the environ has it (E.9): without a zone, and an IPv4 address that is mapped into
 * IPv6, as on a listener of `::`, as IPv4.
 *
 * @example plainAddress('::ffff:127.0.0.1') // '127.0.0.1'
 */
export function plainAddress(address: string): string {
  if (!address.includes(':')) return address
  const zone = address.indexOf('%')
  const bare = zone < 0 ? address : address.slice(0, zone)
  return MAPPED.exec(bare)?.[1] ?? bare
}
