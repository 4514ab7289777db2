/** `node:http` as a TSGI server, by `toNodeListener`: for the conformance kit. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerModule } from '@tsgi/spec/server'
import { toNodeListener } from '../src/to-node/index.ts'

export const nodeHttpServer: ServerModule = {
  name: 'node-http',
  inProcess: true,
  async serve(app, { listen = [], limits, timeouts, development, log } = {}) {
    if (typeof app !== 'function') throw new TypeError('this server takes a function')
    const [target] = listen
    if (target === undefined || !('port' in target)) throw new TypeError('this server listens on one port')
    const listener = toNodeListener(app, { limits, timeouts, development, log })
    await listener.startup()
    const server = http.createServer({
      headersTimeout: timeouts?.headers,
      keepAliveTimeout: timeouts?.keepAlive,
      keepAliveTimeoutBuffer: 0,
      connectionsCheckingInterval: 100,
    })
    listener.attach(server)
    await new Promise<void>((resolve) => server.listen(target.port, target.host, resolve))
    const { address, port } = server.address() as AddressInfo
    return {
      addresses: [{ family: 'IPv4', host: address, port }],
      urls: [`http://${address}:${port}/`],
      stats: () => ({ connections: 0, active: 0, requests: 0, accepted: 0 }),
      async close({ graceful = 0 } = {}) {
        const closed = new Promise((resolve) => server.close(resolve))
        if (graceful === 0) server.closeAllConnections()
        else setTimeout(() => server.closeAllConnections(), graceful).unref()
        await closed
        await listener.shutdown()
        return { cutOff: 0 }
      },
    }
  },
}
