/** Vite in middleware mode, whose hot reload has the application's server. */
import http from 'node:http'
import { createServer } from 'vite'

const server = http.createServer((request, response) => {
  if (request.url === '/token') response.end(vite.config.webSocketToken)
  else vite.middlewares(request, response, () => response.end('page'))
})
const vite = await createServer({
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: { server }, hmr: { server } },
})
server.listen(3000)
