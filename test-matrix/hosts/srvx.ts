// srvx.ts
import { defineFetchServer } from '@tsgi/adapter-fetch/fetch-server'
import { serve } from 'srvx/node'

export default defineFetchServer({
  name: 'srvx',
  async listen(handler, { host, port }) {
    const server = serve({ fetch: handler, hostname: host, port, silent: true, gracefulShutdown: false })
    await server.ready()
    return { port: Number(new URL(server.url ?? '').port), close: (now) => server.close(now) }
  },
})
