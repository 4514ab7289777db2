/** Why an address cannot be bound, and what to do: the one place for these sentences. */
import { dirname } from 'node:path'
import { type ListenTarget, ServeError } from '@tsgi/spec/server'
import { absolutePath, formatTarget, isAbstract } from './address.ts'

export function cannotListen(target: ListenTarget, reason: string, cause?: unknown): ServeError {
  return new ServeError('TSGI_ERR_BIND', `cannot listen on ${formatTarget(target)}: ${reason}`, cause)
}

/** Of a system error, by its code. A `ServeError` is returned as it is. */
export function bindError(target: ListenTarget, error: unknown): ServeError {
  if (error instanceof ServeError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const own =
    'path' in target ? pathReason(target.path, code) : 'fd' in target ? FD_REASONS[code] : tcpReason(target, code)
  return cannotListen(target, own ?? REASONS[code] ?? (error instanceof Error ? error.message : String(error)), error)
}

type Reasons = Readonly<Record<string, string>>

const REASONS: Reasons = {
  EADDRINUSE: 'the address is in use. Stop the program that listens there, or choose another.',
  EMFILE: 'this process has no descriptors left. Raise its limit (ulimit -n).',
  ENFILE: 'this machine has no descriptors left. Close some programs, or raise its limit.',
}

const FD_REASONS: Reasons = {
  EBADF: 'it is not an open descriptor. Start the server from a program that passes it on, such as systemd.',
  ENOTSOCK: 'it is not a socket. Expected one that is bound to an address.',
  EINVAL: 'it cannot listen. Expected a stream socket that is bound to an address and not connected.',
  EEXIST: 'this process uses it already. Expected a descriptor that it has inherited.',
  EOPNOTSUPP: 'it cannot listen. Expected a stream socket that is bound to an address and not connected.',
}

const TCP_REASONS: Reasons = {
  EADDRNOTAVAIL: 'this machine has no such address. Use 127.0.0.1, 0.0.0.0 or one of its own.',
  ENOTFOUND: 'the host name is unknown. Use an address, or a name that resolves here.',
  EAI_AGAIN: 'the host name cannot be resolved now. Use an address, or try again when name resolution works.',
  EAFNOSUPPORT: 'this machine does not support this family of addresses. Use an IPv4 address.',
}

/** Ports below it need a privilege; the kernel's default, which a machine may lower. */
const FIRST_FREE_PORT = 1024

function tcpReason({ host, port }: { readonly host: string; readonly port: number }, code: string): string | undefined {
  if (code === 'EINVAL' && /^fe[89ab]/i.test(host) && !host.includes('%')) {
    return `a link-local address needs the name of its interface. Write it as ${host}%eth0.`
  }
  if (code === 'EINVAL' && host.includes('%')) {
    const zone = host.slice(host.indexOf('%') + 1)
    return `this machine has no interface ${zone}. Use the name of one that it has.`
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return port < FIRST_FREE_PORT
      ? `permission denied: ports below ${FIRST_FREE_PORT} need a privilege. Choose a port from ${FIRST_FREE_PORT}, or grant CAP_NET_BIND_SERVICE.`
      : 'permission denied. Choose another port.'
  }
  return TCP_REASONS[code]
}

function pathReason(path: string, code: string): string | undefined {
  if (isAbstract(path)) return undefined
  const folder = dirname(absolutePath(path))
  const reasons: Reasons = {
    ENOENT: `there is no folder ${folder}. Create it, or choose another path.`,
    ENOTDIR: `${folder} is not a folder. Choose another path.`,
    EACCES: `permission denied: this user may not create a file in ${folder}. Allow it, or choose another path.`,
    EPERM: `permission denied: ${folder} takes no new files. Choose another path.`,
    EROFS: `${folder} is on a read-only file system. Choose another path.`,
  }
  return reasons[code]
}
