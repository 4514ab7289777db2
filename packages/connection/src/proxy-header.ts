/** The header of the PROXY protocol, versions 1 and 2, which names the client of a proxy that passes bytes on as they are. */
import { isIPv4, isIPv6 } from 'node:net'

export interface ProxiedClient {
  readonly address: string
  readonly port: number
}

export type ProxyHeader =
  /** `client`: `null` where the proxy speaks for itself, or does not know (`UNKNOWN`, `LOCAL`). `size`: bytes of the header. */
  | { readonly client: ProxiedClient | null; readonly size: number }
  /** More bytes are needed. */
  | null
  /** It is not such a header: what was expected and what was received. */
  | string

const V1 = Buffer.from('PROXY ', 'latin1')
/** With its CRLF. */
const LONGEST_V1 = 107
const V2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const V2_HEAD = 16
/** Of what stands behind the addresses nothing is used, so there need not be much of it. */
const LONGEST_V2 = 4096
const LOCAL = 0x20
const PROXY = 0x21
const TCP_OVER_IPV4 = 0x11
const TCP_OVER_IPV6 = 0x21

/** Reads the header at the beginning of what was received. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  const isV1 = begins(bytes, V1)
  if (!isV1 && !begins(bytes, V2)) {
    return `expected a header of the PROXY protocol, got ${JSON.stringify(bytes.toString('latin1', 0, 12))}`
  }
  return isV1 ? readV1(bytes) : readV2(bytes)
}

/** As far as there is anything to compare. */
const begins = (bytes: Buffer, start: Buffer): boolean => {
  const size = Math.min(bytes.length, start.length)
  return bytes.compare(start, 0, size, 0, size) === 0
}

function readV1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, LONGEST_V1).indexOf('\r\n')
  if (end < 0)
    return bytes.length < LONGEST_V1 ? null : `expected a header of at most ${LONGEST_V1} bytes that ends with CRLF`
  const line = bytes.toString('latin1', 0, end)
  const size = end + 2
  const [, family, from, to, fromPort, toPort, ...more] = line.split(' ')
  if (family === 'UNKNOWN') return { client: null, size }
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : (): boolean => false
  if (more.length > 0 || !isAddress(from ?? '') || !isAddress(to ?? '') || !isPort(fromPort) || !isPort(toPort)) {
    return `expected PROXY TCP4 or TCP6 with two addresses and two ports, or UNKNOWN; got ${JSON.stringify(line)}`
  }
  return { client: { address: from as string, port: Number(fromPort) }, size }
}

const isPort = (text: string | undefined): boolean => /^(0|[1-9]\d{0,4})$/.test(text ?? '') && Number(text) <= 65_535

function readV2(bytes: Buffer): ProxyHeader {
  if (bytes.length < V2_HEAD) return null
  const command = bytes[12] as number
  const transport = bytes[13] as number
  const length = bytes.readUInt16BE(14)
  if (command !== LOCAL && command !== PROXY)
    return `expected version 2 with the command LOCAL or PROXY, got 0x${command.toString(16)}`
  if (length > LONGEST_V2) return `expected a header of at most ${LONGEST_V2} bytes, got one of ${length}`
  const size = V2_HEAD + length
  if (bytes.length < size) return null
  if (command === LOCAL) return { client: null, size }
  switch (transport) {
    case TCP_OVER_IPV4:
      if (length < 12) return `expected 12 bytes of addresses, got ${length}`
      return { client: { address: bytes.subarray(16, 20).join('.'), port: bytes.readUInt16BE(24) }, size }
    case TCP_OVER_IPV6:
      if (length < 36) return `expected 36 bytes of addresses, got ${length}`
      return { client: { address: ipv6(bytes.subarray(16, 32)), port: bytes.readUInt16BE(48) }, size }
    default:
      // A unix socket, or a family that it does not name: only the proxy is known.
      return { client: null, size }
  }
}

const ipv6 = (bytes: Buffer): string =>
  Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16)).join(':')
