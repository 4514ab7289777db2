import type net from 'node:net'

/** Where a server asked to listen; a path is a unix socket, `null` a descriptor or handle that somebody gave it. */
export type AskedAddress = net.AddressInfo | string | null

/** Of the forms that `listen` takes: a port or a path, with a host, or an object with these. */
export function askedAddress([first, second]: readonly unknown[]): AskedAddress {
  const options = typeof first === 'object' && first !== null ? (first as net.ListenOptions) : undefined
  if (options !== undefined && options.port === undefined && options.path === undefined) return null
  const path = options === undefined ? first : options.path
  if (typeof path === 'string' && !/^\d+$/.test(path)) return path
  const port = Number((options === undefined ? first : options.port) ?? 0)
  const host = options === undefined ? second : options.host
  const address = typeof host === 'string' ? host : '::'
  return { address, family: address.includes(':') ? 'IPv6' : 'IPv4', port: Number.isInteger(port) ? port : 0 }
}

/** The port that was asked for, or the path; `null` where neither was. */
export function portOf(address: AskedAddress): number | string | null {
  return address === null || typeof address === 'string' ? address : address.port
}

/** "on port 3000": for a sentence. */
export function describeAddress(address: AskedAddress): string {
  if (address === null) return 'on a socket that it was given'
  if (typeof address === 'string') return `on ${address}`
  return address.port === 0 ? 'on any free port' : `on port ${address.port}`
}

/**
 * The arguments of `listen`, so that processes of this user can listen on the same port and the kernel chooses one for each
 * connection (SO_REUSEPORT). Arguments that name no fixed port stay as they are, and all of them where the system cannot share.
 */
export function sharingPort(args: readonly unknown[]): readonly unknown[] {
  const port = portOf(askedAddress(args))
  if (process.platform !== 'linux' || typeof port !== 'number' || port === 0) return args
  const [first, ...rest] = args
  if (typeof first === 'object' && first !== null) return [{ ...first, reusePort: true }, ...rest]
  const callback = args.findLast((arg) => typeof arg === 'function')
  const host = rest.find((arg) => typeof arg === 'string')
  const backlog = rest.find((arg) => typeof arg === 'number')
  return [{ port, host, backlog, reusePort: true }, ...(callback === undefined ? [] : [callback])]
}
