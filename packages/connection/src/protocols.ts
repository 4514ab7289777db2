/**
 * What is spoken on the connections of a listener: from its target to what makes a connection of an accepted socket. Plain HTTP
 * is always here; every other protocol is a module that is imported when a listener asks for it, so that a process without
 * such a listener neither reads nor compiles it.
 */
import { type ListenProtocol, type ListenTargetOptions, ServeError, type TlsOptions } from '@tsgi/spec/server'
import { Connection } from './connection.ts'
import type { ConnectionHost, HostedConnection } from './connection-host.ts'
import type { Settings } from './settings.ts'
import type { Accepted } from './socket-transport.ts'

export interface Protocol {
  /** Takes a connection over. It calls `host.connectionClosed` at its end, and not before this call has returned. */
  connect(host: ConnectionHost, accepted: Accepted): HostedConnection
  /**
   * Answers 503 as this protocol says it, and closes.
   *
   * @param linger how long the client may take to read it and to close its side, in milliseconds; 0 gives the descriptor back at once
   * @param closed called when it has
   */
  refuse(accepted: Accepted, linger: number, closed: () => void): void
  /**
   * Other certificates, for connections from now on.
   *
   * @throws ServeError `TSGI_ERR_OPTION` where they are not as they should be
   */
  renew?(tls: TlsOptions): Promise<void>
}

const UNAVAILABLE =
  'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\nconnection: close\r\n\r\n'

export const HTTP: Protocol = {
  connect: (host, accepted) => new Connection(host, accepted),
  refuse: (accepted, linger, closed) => accepted.refuse(UNAVAILABLE, linger, closed),
}

/**
 * One row for each protocol. A module is imported here and nowhere else. In a worker's bundle there is no `import()` of Node's own
 * modules: take `node:tls` and the like by `process.getBuiltinModule`.
 */
const LOADERS: Readonly<
  Record<ListenProtocol, (target: ListenTargetOptions, settings: Settings) => Protocol | Promise<Protocol>>
> = {
  http: () => HTTP,
  https: async (_, settings) => (await import('./https.ts')).httpsProtocol(settings),
  uwsgi: notYet,
  fastcgi: notYet,
}

/** @throws ServeError `TSGI_ERR_OPTION` where the listener cannot be served as it asks */
export async function loadProtocol(target: ListenTargetOptions, settings: Settings): Promise<Protocol> {
  const { protocol = 'http', proxyProtocol = false } = target
  const load = Object.hasOwn(LOADERS, protocol) ? LOADERS[protocol] : undefined
  if (load === undefined) {
    const known = Object.keys(LOADERS).join(', ')
    throw new ServeError('TSGI_ERR_OPTION', `expected a listener's protocol to be one of ${known}; got ${protocol}`)
  }
  if (proxyProtocol) throw new ServeError('TSGI_ERR_OPTION', 'the PROXY protocol is not served yet')
  return await load(target, settings)
}

function notYet({ protocol }: ListenTargetOptions): never {
  throw new ServeError('TSGI_ERR_OPTION', `${protocol} is not served yet. Listen with http, and put a proxy in front.`)
}
