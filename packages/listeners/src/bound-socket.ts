/**
 * Sockets that are bound and do not listen yet, so that their descriptors can be given to other processes.
 *
 * Node has `net.BoundSocket` for them since 24.21. Before, its cluster module binds through `net._createServerHandle`, which
 * is not documented and is the only way; it is not used where there is another.
 */
import net from 'node:net'
import { getSystemErrorName } from 'node:util'

export interface BoundSocket extends Disposable {
  fd(): number
  /** `null` of a socket on a path. */
  address(): net.AddressInfo | null
  /** The socket in a shape that can be sent to a child; it then belongs to that. */
  toSocket(): net.Socket
  close(): void
}

export type BindTarget =
  | { readonly host: string; readonly port: number; readonly reusePort?: boolean }
  | { readonly path: string }

/** @throws Error with a system error's `code`, such as EADDRINUSE */
export const bindSocket: (target: BindTarget) => BoundSocket =
  typeof net.BoundSocket === 'function' ? bindNatively : bindByHandle

/** Takes a path as well where it has `isPipe` (Node's own mark of the feature, not in the types yet). */
type NativeConstructor = new (target: BindTarget) => net.BoundSocket

function bindNatively(target: BindTarget): BoundSocket {
  const bound = new (net.BoundSocket as unknown as NativeConstructor)(target)
  const close = (): void => bound.close()
  return {
    fd: () => bound.fd(),
    address: () => ('path' in target ? null : (bound.address() as net.AddressInfo)),
    toSocket: () => new net.Socket({ handle: bound }),
    close,
    [Symbol.dispose]: close,
  }
}

interface Handle {
  readonly fd: number
  getsockname?(out: object): number
  close(): void
}

/** `port` and `family` are -1 for a path; a number instead of a handle is a negative system error. */
type CreateHandle = (host: string, port: number, family: number, fd: undefined, flags: number) => Handle | number

/** UV_TCP_REUSEPORT of libuv. */
const REUSE_PORT = 2

export function bindByHandle(target: BindTarget): BoundSocket {
  const { _createServerHandle: create } = net as unknown as { readonly _createServerHandle: CreateHandle }
  const made =
    'path' in target
      ? create(target.path, -1, -1, undefined, 0)
      : create(target.host, target.port, net.isIPv6(target.host) ? 6 : 4, undefined, target.reusePort ? REUSE_PORT : 0)
  if (typeof made === 'number') throw bindFailure(target, getSystemErrorName(made))
  const address = 'path' in target ? null : nameOf(made)
  // libuv keeps the error of a port that is taken until it is asked to listen; the socket is then not bound at all.
  if (address !== null && 'port' in target && target.port !== 0 && address.port !== target.port) {
    made.close()
    throw bindFailure(target, 'EADDRINUSE')
  }
  const close = (): void => made.close()
  return {
    fd: () => made.fd,
    address: () => address,
    toSocket: () =>
      new net.Socket({ handle: made as unknown as net.BoundSocket, manualStart: true } as net.SocketConstructorOpts),
    close,
    [Symbol.dispose]: close,
  }
}

function nameOf(handle: Handle): net.AddressInfo {
  const name = { address: '', family: '', port: 0 }
  const error = handle.getsockname?.(name) ?? 0
  if (error < 0) throw bindFailure(null, getSystemErrorName(error))
  return name
}

function bindFailure(target: BindTarget | null, code: string): Error {
  const where = target === null ? '' : 'path' in target ? ` ${target.path}` : ` ${target.host}:${target.port}`
  return Object.assign(new Error(`bind ${code}${where}`), { code, syscall: 'bind' })
}
