/** The reference: `node:http` with a TSGI application as its listener. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '@tsgi/adapter-node/to-node'
import { ServeError, type ServerModule } from '@tsgi/spec/server'

/** Long enough for idle connections of tests; `node:http` has its own for the rest. */
const IDLE = 75_000

export const serverModule: ServerModule = {
  name: 'node:http',
  inProcess: true,
  async serve(app, options = {}) {
    if (typeof app !== 'function') throw new ServeError('TSGI_ERR_OPTION', 'node:http is given a function here')
    const listener = toNodeListener(app, { log: options.log, timeouts: options.timeouts, limits: options.limits })
    await listener.startup()
    const server = http.createServer({ keepAliveTimeout: IDLE })
    listener.attach(server)
    // Once it closes, a connection that becomes idle is left to its timeout; a graceful stop ends it.
    server.on('request', (_request, response) => {
      response.once('finish', () => setImmediate(() => server.listening || server.closeIdleConnections()))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return {
      addresses: [{ family: 'IPv4', host: '127.0.0.1', port }],
      urls: [`http://127.0.0.1:${port}/`],
      stats: () => ({ connections: 0, active: 0, requests: 0, accepted: 0 }),
      async close({ graceful } = {}) {
        const closed = new Promise((resolve) => server.close(resolve))
        server.closeIdleConnections()
        if (graceful === 0) server.closeAllConnections()
        await closed
        await listener.shutdown()
        return { cutOff: 0 }
      },
    }
  },
}
