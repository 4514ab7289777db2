/** `node:https`, with a certificate made for each start. */
import https from 'node:https'
import { defineNodeServer, listenOn } from '@tsgi/adapter-node/node-server'
import { selfSigned } from './certificate.ts'

export default defineNodeServer({
  name: 'node:https',
  async listen(listener, { host, port, timeouts }) {
    const server = https.createServer({
      ...selfSigned('localhost'),
      headersTimeout: timeouts.headers,
      keepAliveTimeout: timeouts.keepAlive ?? 75_000,
      keepAliveTimeoutBuffer: 0,
      connectionsCheckingInterval: timeouts.headers === undefined ? undefined : 100,
    })
    listener.attach(server)
    return await listenOn(server, { host, port })
  },
})
