import { once } from 'node:events'
import type http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { defineHost, type HostSettings, type ListeningHost } from '@tsgi/exchange/host'
import type { ServerModule } from '@tsgi/spec/server'
import { type ApplicationListener, toNodeListener } from '../to-node/index.ts'

/** Anything that calls a `(request, response)` listener. */
export interface NodeHost {
  /** As reports and the grid call the server. */
  readonly name: string
  /** Starts the host, and resolves when it accepts connections; what it throws is reported with the address. */
  listen(listener: ApplicationListener, settings: HostSettings): ListeningHost | Promise<ListeningHost>
}

/**
 * A server module around a host of Node listeners: `tsgi serve --server`, `tsgi conform` and `tsgi matrix` take it.
 * `startup` runs before the host listens.
 */
export const defineNodeServer = ({ name, listen }: NodeHost): ServerModule =>
  defineHost(name, ({ application, log, development, host, port, limits, timeouts }) => {
    const listener = toNodeListener(application, { log, development, limits, timeouts })
    return listen(listener, { host, port, limits, timeouts })
  })

/** Starts an `http.Server` or `https.Server`, and stops it as a server module has to. */
export async function listenOn(
  server: http.Server | https.Server,
  { host, port }: Pick<HostSettings, 'host' | 'port'>,
): Promise<ListeningHost> {
  // A connection that becomes idle after close() would be left to its timeout.
  server.on('request', (_request, response) => {
    response.once('finish', () => setImmediate(() => server.listening || server.closeIdleConnections()))
  })
  // `closeAllConnections` leaves out those that have changed to another protocol, and `close` waits for them.
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(port, host)
  await once(server, 'listening')
  let closed: Promise<unknown> | null = null
  return {
    port: (server.address() as AddressInfo).port,
    secure: server instanceof https.Server,
    close(now) {
      if (closed === null) {
        closed = once(server, 'close')
        server.close()
      }
      if (now) for (const socket of sockets) socket.destroy()
      else server.closeIdleConnections()
      return closed
    },
  }
}
