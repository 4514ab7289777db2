/** `@whatwg-node/server`, with the `Request` and `Response` of Node. */
import http from 'node:http'
import { defineFetchServer } from '@tsgi/adapter-fetch/fetch-server'
import { listenOn } from '@tsgi/adapter-node/node-server'
import { createServerAdapter } from '@whatwg-node/server'

export default defineFetchServer({
  name: '@whatwg-node/server',
  async listen(handler, { host, port }) {
    const adapter = createServerAdapter<object>((request, context) => handler(request, context))
    return await listenOn(
      http.createServer((request, response) => void adapter(request, response)),
      { host, port },
    )
  },
})
