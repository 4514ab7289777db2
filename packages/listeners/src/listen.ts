/** Listening and accepting in one process. */
import dns from 'node:dns/promises'
import net from 'node:net'
import type { Address, ListenTarget } from '@tsgi/spec/server'
import { absolutePath, DEFAULT_BACKLOG } from './address.ts'
import { bindError } from './bind-error.ts'
import { checkTarget } from './check-target.ts'
import { claiming } from './reservation.ts'
import { startListening } from './start-listening.ts'
import {
  bindablePath,
  bindWithMode,
  clearPath,
  closeKeepingOthers,
  fileIdentity,
  inodeOf,
  pathOfInode,
} from './unix-socket.ts'

export interface Listener {
  readonly address: Address
  /** Accepts no more, and removes the file of a unix socket where it is still ours. Connections stay. */
  close(): void
}

export interface ListenSettings {
  /** Length of the kernel's queue; {@link DEFAULT_BACKLOG} when absent. */
  readonly backlog?: number | undefined
  /** Of the `net.Server` that is made. */
  readonly acceptOptions?: net.ServerOpts | undefined
}

/**
 * Listens on one target. Connections are accepted from the moment that `onListening` has returned.
 *
 * @param onListening takes the server's connections
 * @throws ServeError `TSGI_ERR_BIND`, naming the address, with what to do
 */
export async function listen(
  target: ListenTarget,
  { backlog = DEFAULT_BACKLOG, acceptOptions = {} }: ListenSettings,
  onListening: (server: net.Server) => void,
): Promise<Listener> {
  const server = net.createServer(acceptOptions)
  const start = (place: ListenTarget): Promise<void> =>
    startListening(server, place, backlog, () => onListening(server))
  try {
    checkTarget(target)
    if ('fd' in target) return await inherited(server, target, start)
    if ('path' in target) return await onPath(server, target, start)
    return await onPort(server, target, start)
  } catch (error) {
    throw bindError(target, error)
  }
}

type Start = (place: ListenTarget) => Promise<void>

async function inherited(server: net.Server, target: { readonly fd: number }, start: Start): Promise<Listener> {
  const inode = inodeOf(target.fd)
  await start(target)
  const address = tcpAddress(server) ?? { family: 'unix', path: pathOfInode(inode) }
  return { address, close: () => void server.close() }
}

async function onPort(
  server: net.Server,
  { host, port }: { readonly host: string; readonly port: number },
  start: Start,
): Promise<Listener> {
  const { address } = await dns.lookup(host)
  return await claiming({ host: address, port }, async (release) => {
    await start({ host: address, port })
    // From here on the system itself keeps others from the port.
    release()
    return { address: tcpAddress(server) as Address, close: () => void server.close() }
  })
}

async function onPath(
  server: net.Server,
  { path: asked, mode }: { readonly path: string; readonly mode?: number | undefined },
  start: Start,
): Promise<Listener> {
  return await claiming({ path: asked }, async (release) => {
    const path = bindablePath(asked)
    await clearPath(path)
    // The file is made within the call; what is awaited is only the event.
    const started = bindWithMode(path, mode, () => start({ path }))
    const identity = fileIdentity(path)
    await started
    release()
    return {
      address: { family: 'unix', path: absolutePath(asked) },
      close: () => closeKeepingOthers(path, identity, () => void server.close()),
    }
  })
}

function tcpAddress(server: net.Server): Address | undefined {
  const address = server.address()
  if (address === null || typeof address === 'string') return undefined
  return { family: address.family === 'IPv6' ? 'IPv6' : 'IPv4', host: address.address, port: address.port }
}
