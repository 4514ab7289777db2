/** Binding addresses, and saying what is wrong when one cannot be bound. */
import { lstat, stat, unlink } from 'node:fs/promises'
import net from 'node:net'
import { dirname } from 'node:path'
import { ACCEPT_OPTIONS } from '@tsgi/connection'
import { type Address, type ListenTarget, ServeError } from '@tsgi/spec/server'

export const DEFAULT_BACKLOG = 2048

/**
 * Listens on one target. Connections are accepted from now on.
 *
 * @throws ServeError `TSGI_ERR_BIND`, naming the address
 */
export async function listen(
  target: ListenTarget,
  backlog: number,
  onListening: (server: net.Server) => void,
): Promise<net.Server> {
  const server = net.createServer(ACCEPT_OPTIONS)
  if ('path' in target) await removeStaleSocket(target.path)
  try {
    // The runtime says that permission is denied where the folder is missing.
    if ('path' in target) await stat(dirname(target.path))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.once('listening', () => {
        server.removeListener('error', reject)
        onListening(server)
        resolve()
      })
      // The backlog goes by position: `listen({ fd, backlog })` ignores it.
      if ('path' in target) server.listen(target.path, backlog)
      else if ('fd' in target) server.listen({ fd: target.fd }, backlog)
      else server.listen(target.port, target.host, backlog)
    })
  } catch (error) {
    throw bindError(target, error)
  }
  return server
}

/** A socket file that nobody listens on is left over from a crash; a live one is somebody else's and is never taken. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null)
  if (found === null) return
  if (!found.isSocket()) {
    throw new ServeError(
      'TSGI_ERR_BIND',
      `cannot listen on unix:${path}: there is a file that is no socket. Remove it, or choose another path.`,
    )
  }
  if (await answers(path)) {
    throw new ServeError(
      'TSGI_ERR_BIND',
      `cannot listen on unix:${path}: another program listens there. Stop it, or choose another path.`,
    )
  }
  await unlink(path).catch(() => {})
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    // Only a refusal says that nobody is there; with any other error we cannot tell, and leave it alone.
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    )
  })
}

export function targetName(target: ListenTarget): string {
  if ('path' in target) return `unix:${target.path}`
  if ('fd' in target) return `fd:${target.fd}`
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`
}

function bindError(target: ListenTarget, error: unknown): ServeError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const what: Readonly<Record<string, string>> = {
    EADDRINUSE: 'the address is in use. Stop the program that listens there, or choose another port.',
    EACCES: 'permission denied. Ports below 1024 and some folders need privileges; choose another.',
    EADDRNOTAVAIL: 'this machine has no such address. Use 127.0.0.1, 0.0.0.0 or one of its own.',
    ENOTFOUND: 'the host name is unknown. Use an address, or a name that resolves here.',
    EINVAL: 'it is no listening socket.',
    EBADF: 'it is no open descriptor. It must be inherited from the parent process.',
    ENOTSOCK: 'it is no socket.',
  }
  const missing = code === 'ENOENT' && 'path' in target ? `there is no folder ${dirname(target.path)}.` : undefined
  const reason = missing ?? what[code] ?? (error instanceof Error ? error.message : String(error))
  return new ServeError('TSGI_ERR_BIND', `cannot listen on ${targetName(target)}: ${reason}`, error)
}

export function addressOf(server: net.Server): Address {
  const address = server.address()
  if (address === null) return { family: 'unix', path: '' }
  if (typeof address === 'string') return { family: 'unix', path: address }
  return { family: address.family === 'IPv6' ? 'IPv6' : 'IPv4', host: address.address, port: address.port }
}

/** As a browser takes it; a wildcard address is shown as the loopback it includes. */
export function urlOf(address: Address): string {
  if (address.family === 'unix') return `http+unix://${encodeURIComponent(address.path)}/`
  const any = address.host === '0.0.0.0' || address.host === '::'
  const host = any ? 'localhost' : address.family === 'IPv6' ? `[${address.host}]` : address.host
  return `http://${host}:${address.port}/`
}
