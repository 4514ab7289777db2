/** A fetch host as a TSGI server, by `toFetch`: for the conformance kit. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { ServerModule } from '@tsgi/spec/server'
import { toFetch } from '../src/to-fetch/index.ts'

export const fetchServer: ServerModule = {
  name: 'fetch',
  inProcess: true,
  async serve(app, { listen = [], log } = {}) {
    if (typeof app !== 'function') throw new TypeError('expected an application, got a reference')
    const [target] = listen
    if (target === undefined || !('port' in target)) throw new TypeError('expected one port to listen on')
    await app.startup?.()
    const errors = { write: (text: string) => log?.('error', text), flush: () => undefined }
    const { startup: _, ...hooks } = app
    const served = Object.assign((...call: Parameters<typeof app>) => app(...call), hooks)
    const stopping = new AbortController()
    const handler = toFetch(served, { errors, draining: stopping.signal })
    const server = http.createServer(getRequestListener(handler, { overrideGlobalObjects: false }))
    await new Promise<void>((resolve) => server.listen(target.port, target.host, resolve))
    const { address, port } = server.address() as AddressInfo
    return {
      addresses: [{ family: 'IPv4', host: address, port }],
      urls: [`http://${address}:${port}/`],
      stats: () => ({ connections: 0, active: 0, requests: 0, accepted: 0 }),
      async close({ graceful = 0 } = {}) {
        const closed = new Promise((resolve) => server.close(resolve))
        stopping.abort()
        if (graceful === 0) server.closeAllConnections()
        else setTimeout(() => server.closeAllConnections(), graceful).unref()
        await closed
        await handler.shutdown()
        return { cutOff: 0 }
      },
    }
  },
}
