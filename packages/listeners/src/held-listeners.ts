/**
 * Listening sockets that outlive the processes that accept from them. Their owner binds and never accepts; workers inherit the descriptors
 * and listen. What waits in a queue therefore outlives every worker.
 *
 * With a queue per slot (decision 0001) the kernel spreads connections evenly over the slots. A slot's queue is
 * made when its first worker is started, and stays: closing it would reset what waits there.
 */
import dns from 'node:dns/promises'
import net from 'node:net'
import type { Address, ListenTarget } from '@tsgi/spec/server'
import { absolutePath } from './address.ts'
import { bindError } from './bind-error.ts'
import { bindSocket, type BoundSocket } from './bound-socket.ts'
import { checkTarget } from './check-target.ts'
import { claiming } from './reservation.ts'
import {
  bindablePath,
  bindWithMode,
  clearPath,
  closeKeepingOthers,
  fileIdentity,
  inodeOf,
  pathOfInode,
} from './unix-socket.ts'

export interface Listeners {
  readonly addresses: readonly Address[]
  /** Descriptors that a worker of the slot inherits; makes the slot's queues. @throws where the system has no room for more */
  descriptors(slot: number): readonly number[]
  /**
   * The slot's queues, one for each target, to be sent to a worker that covers for it; `keepOpen` keeps them here. `null`
   * where it is not of TCP: the others cannot be sent, and every worker has them anyway.
   */
  handles(slot: number): readonly (net.Socket | null)[]
  close(): void
}

interface Listener {
  readonly address: Address
  descriptor(slot: number): number
  /** `null` where it cannot be sent. */
  handle(slot: number): net.Socket | null
  close(): void
}

/**
 * Binds the addresses and holds them, without accepting.
 *
 * @param queuePerSlot whether each slot has a queue of its own where the system spreads connections over them
 * @throws ServeError `TSGI_ERR_BIND`, naming the address; nothing stays bound
 */
export async function openListeners(targets: readonly ListenTarget[], queuePerSlot: boolean): Promise<Listeners> {
  const listeners: Listener[] = []
  const close = (): void => {
    for (const listener of listeners.splice(0)) listener.close()
  }
  for (const target of targets) {
    try {
      listeners.push(await openListener(target, queuePerSlot))
    } catch (error) {
      close()
      throw bindError(target, error)
    }
  }
  return {
    addresses: listeners.map(({ address }) => address),
    descriptors: (slot) => listeners.map((listener) => listener.descriptor(slot)),
    handles: (slot) => listeners.map((listener) => listener.handle(slot)),
    close,
  }
}

async function openListener(target: ListenTarget, queuePerSlot: boolean): Promise<Listener> {
  checkTarget(target)
  if ('fd' in target) return inherited(target.fd)
  if ('path' in target) return await unixListener(target.path, target.mode)
  const { address: host } = await dns.lookup(target.host)
  return await tcpListener(host, target.port, queuePerSlot)
}

function inherited(fd: number): Listener {
  return { address: inheritedAddress(fd, inodeOf(fd)), descriptor: () => fd, handle: () => null, close: () => {} }
}

/** Asks the system by way of a socket that is never used, and never closed: the descriptor is not ours. */
function inheritedAddress(fd: number, inode: number): Address {
  const address = new net.Socket({
    fd,
    readable: false,
    writable: false,
    manualStart: true,
  } as net.SocketConstructorOpts)
  const { localAddress: host, localPort: port, localFamily: family } = address
  if (host === undefined || port === undefined) return { family: 'unix', path: pathOfInode(inode) }
  return { family: family === 'IPv6' ? 'IPv6' : 'IPv4', host, port }
}

async function unixListener(asked: string, mode: number | undefined): Promise<Listener> {
  return await claiming({ path: asked }, async (release) => {
    const path = bindablePath(asked)
    await clearPath(path)
    const bound = bindWithMode(path, mode, () => bindSocket({ path }))
    const identity = fileIdentity(path)
    const fd = bound.fd()
    return {
      address: { family: 'unix', path: absolutePath(asked) },
      descriptor: () => fd,
      handle: () => null,
      close() {
        closeKeepingOthers(path, identity, () => bound.close())
        release()
      },
    }
  })
}

async function tcpListener(host: string, port: number, queuePerSlot: boolean): Promise<Listener> {
  return await claiming({ host, port }, async (release) => {
    if (port !== 0) await probe(host, port)
    return boundListener(host, port, queuePerSlot, release)
  })
}

function boundListener(host: string, port: number, queuePerSlot: boolean, release: () => void): Listener {
  const { socket, shared } = firstQueue(host, port, queuePerSlot)
  const { address, family, port: actual } = socket.address() as net.AddressInfo
  const queues = [new Queue(socket)]
  const queueOf = (slot: number): Queue => {
    if (shared) return queues[0] as Queue
    while (queues.length <= slot) queues.push(new Queue(bindSocket({ host, port: actual, reusePort: true })))
    return queues[slot] as Queue
  }
  return {
    address: { family: family === 'IPv6' ? 'IPv6' : 'IPv4', host: address, port: actual },
    descriptor: (slot) => queueOf(slot).fd,
    // Where each slot should have its own and the system gives one to all, nobody needs to cover.
    handle: (slot) => (queuePerSlot && shared ? null : queueOf(slot).handle),
    close() {
      for (const { handle } of queues) handle.destroy()
      release()
    },
  }
}

/** Holds a bound socket in a shape that can be sent to a child as well as inherited. */
class Queue {
  readonly fd: number
  readonly handle: net.Socket
  constructor(bound: BoundSocket) {
    this.fd = bound.fd()
    this.handle = bound.toSocket()
    this.handle.on('error', () => {})
  }
}

/** SO_REUSEPORT spreads connections on Linux, FreeBSD and a few more; where the runtime refuses it, one queue serves all slots. */
function firstQueue(host: string, port: number, queuePerSlot: boolean): { socket: BoundSocket; shared: boolean } {
  if (!queuePerSlot) return { socket: bindSocket({ host, port }), shared: true }
  try {
    return { socket: bindSocket({ host, port, reusePort: true }), shared: false }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTSUP')) throw error
    return { socket: bindSocket({ host, port }), shared: true }
  }
}

/** Binding alone succeeds on a port that others have: only `listen` tells. */
async function probe(host: string, port: number): Promise<void> {
  const server = net.createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()))
  })
}
