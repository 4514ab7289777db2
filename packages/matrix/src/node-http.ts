/** The reference: `node:http` with a TSGI application as its listener. */
import http from 'node:http'
import { defineNodeServer, listenOn } from '@tsgi/adapter-node/node-server'
import type { ServerModule } from '@tsgi/spec/server'

/** Long enough for idle connections of tests; `node:http` has its own for the rest. */
const IDLE = 75_000

export const serverModule: ServerModule = defineNodeServer({
  name: 'node:http',
  async listen(listener, { host, port, timeouts }) {
    const server = http.createServer({
      headersTimeout: timeouts.headers,
      keepAliveTimeout: timeouts.keepAlive ?? IDLE,
      keepAliveTimeoutBuffer: 0,
      // How soon a late head is noticed: Node's own is 30 s, long for a test with a short limit.
      connectionsCheckingInterval: timeouts.headers === undefined ? undefined : 100,
    })
    listener.attach(server)
    return await listenOn(server, { host, port })
  },
})
