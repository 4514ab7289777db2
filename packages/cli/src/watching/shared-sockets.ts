import { lookup } from 'node:dns/promises'
import { ServeError, type ListenTarget } from '@tsgi/spec/server'
import { bindSocket, type BoundSocket } from '@tsgi/supervisor/bound-socket'
import { formatListen } from '../settings/option-values.ts'

/** Sockets that outlive the process that serves on them. What listens on one goes on queueing while nobody accepts. */
export interface SharedSockets {
  /** For the `stdio` of a child, from `firstFd` on. */
  readonly descriptors: readonly number[]
  /** Where the child listens: the sockets, and what cannot be bound ahead, such as unix sockets, as it is. */
  targets(firstFd: number): readonly ListenTarget[]
}

/**
 * Binds the TCP addresses among the targets.
 *
 * @throws ServeError `TSGI_ERR_BIND`, naming the address
 */
export async function shareSockets(targets: readonly ListenTarget[]): Promise<SharedSockets> {
  const sockets: BoundSocket[] = []
  const places: ((firstFd: number) => ListenTarget)[] = []
  for (const target of targets) {
    if ('host' in target) {
      const at = sockets.push(await bind(target.host, target.port)) - 1
      places.push((firstFd) => ({ fd: firstFd + at }))
    } else places.push(() => target)
  }
  return {
    descriptors: sockets.map((socket) => socket.fd()),
    targets: (firstFd) => places.map((place) => place(firstFd)),
  }
}

async function bind(host: string, port: number): Promise<BoundSocket> {
  try {
    const { address } = await lookup(host)
    return bindSocket({ host: address, port })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why =
      code === 'EADDRINUSE' ? 'another program listens there. Stop it, or choose another port with --port' : message
    throw new ServeError('TSGI_ERR_BIND', `cannot listen on ${formatListen({ host, port })}: ${why}.`, error)
  }
}
