/** Addresses as people read them, and what to do when one cannot be bound. */
import { dirname } from 'node:path'
import { type Address, type ListenTarget, ServeError } from '@tsgi/spec/server'

export function targetName(target: ListenTarget): string {
  if ('path' in target) return `unix:${target.path}`
  if ('fd' in target) return `fd:${target.fd}`
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`
}

/** As a browser takes it; a wildcard address is shown as the loopback it includes. */
export function urlOf(address: Address): string {
  if (address.family === 'unix') return `http+unix://${encodeURIComponent(address.path)}/`
  const any = address.host === '0.0.0.0' || address.host === '::'
  const host = any ? 'localhost' : address.family === 'IPv6' ? `[${address.host}]` : address.host
  return `http://${host}:${address.port}/`
}

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the address is in use. Stop the program that listens there, or choose another.',
  EACCES: 'permission denied. Ports below 1024 and some folders need privileges; choose another.',
  EADDRNOTAVAIL: 'this machine has no such address. Use 127.0.0.1, 0.0.0.0 or one of its own.',
  ENOTFOUND: 'the host name is unknown. Use an address, or a name that resolves here.',
  EINVAL: 'it is no listening socket.',
  EBADF: 'it is no open descriptor. It must be inherited from the parent process.',
  ENOTSOCK: 'it is no socket.',
}

export function bindError(target: ListenTarget, error: unknown): ServeError {
  if (error instanceof ServeError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const missing = code === 'ENOENT' && 'path' in target ? `there is no folder ${dirname(target.path)}.` : undefined
  const reason = missing ?? REMEDIES[code] ?? (error instanceof Error ? error.message : String(error))
  return new ServeError('TSGI_ERR_BIND', `cannot listen on ${targetName(target)}: ${reason}`, error)
}
