/** `@hono/node-server`, with the global classes as they are. */
import { createAdaptorServer } from '@hono/node-server'
import { defineFetchServer } from '@tsgi/adapter-fetch/fetch-server'
import { listenOn } from '@tsgi/adapter-node/node-server'
import type { Server } from 'node:http'

export default defineFetchServer({
  name: '@hono/node-server',
  async listen(handler, { host, port }) {
    const server = createAdaptorServer({ fetch: handler, overrideGlobalObjects: false }) as Server
    return await listenOn(server, { host, port })
  },
})
