// node-http.ts
import http from 'node:http'
import { defineNodeServer, listenOn } from '@tsgi/adapter-node/node-server'

export default defineNodeServer({
  name: 'node:http',
  async listen(listener, { host, port, timeouts }) {
    const server = http.createServer({ keepAliveTimeout: timeouts.keepAlive })
    listener.attach(server)
    return await listenOn(server, { host, port })
  },
})
