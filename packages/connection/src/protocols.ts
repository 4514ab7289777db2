/**
 * What is spoken on the connections of a listener: from its target to what makes a connection of an accepted socket. Plain HTTP
 * is always here; every other protocol is a module that is imported when a listener asks for it, so that a process without
 * such a listener neither reads nor compiles it.
 */
import { type ListenProtocol, type ListenTargetOptions, ServeError } from '@tsgi/spec/server'
import { Connection } from './connection.ts'
import type { Protocol } from './protocol.ts'
import type { Settings } from './settings.ts'
import { UNAVAILABLE } from './unavailable.ts'

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
  uwsgi: async () => (await import('./gateway/uwsgi.ts')).uwsgi,
  fastcgi: async () => (await import('./gateway/fastcgi.ts')).fastcgi,
}

/** @throws ServeError `TSGI_ERR_OPTION` where the listener cannot be served as it asks */
export async function loadProtocol(target: ListenTargetOptions, settings: Settings): Promise<Protocol> {
  const { protocol = 'http', proxyProtocol = false } = target
  const load = Object.hasOwn(LOADERS, protocol) ? LOADERS[protocol] : undefined
  if (load === undefined) {
    const known = Object.keys(LOADERS).join(', ')
    throw new ServeError('TSGI_ERR_OPTION', `expected a listener's protocol to be one of ${known}; got ${protocol}`)
  }
  const spoken = await load(target, settings)
  return proxyProtocol ? (await import('./proxied.ts')).proxied(spoken, settings) : spoken
}
