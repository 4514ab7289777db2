import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Application, Body, Chunk, Environ } from '@tsgi/spec'
import type { AppReference, RunningServer, ServeOptions, ServerModule } from '@tsgi/spec/server'

/** What is the same for every request. */
const FACTS = {
  version: [1, 0],
  scriptName: '',
  urlScheme: 'http',
  multithread: true,
  multiprocess: false,
  runOnce: false,
} as const

/** The request as an environ. Input and services are missing: the kit will ask for them. */
function environOf(request: IncomingMessage): Environ {
  const { method = 'GET', url = '/', httpVersion, socket, rawHeaders } = request
  const [pathInfo = '/', ...query] = url.split('?')
  const [serverName = '', port] = (request.headers.host ?? '').split(':')
  const environ: Partial<Environ> = {
    ...FACTS,
    requestMethod: method,
    pathInfo,
    queryString: query.join('?'),
    serverName,
    serverPort: Number(port ?? socket.localPort),
    serverProtocol: httpVersion === '1.0' ? 'HTTP/1.0' : 'HTTP/1.1',
    remoteAddr: socket.remoteAddress ?? null,
    remotePort: socket.remotePort ?? null,
    headers: rawHeaders.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text)),
    errors: { write: (text) => void process.stderr.write(text), flush() {} },
  }
  return environ as Environ
}

async function* chunksOf(body: Body): AsyncGenerator<Chunk> {
  if (body === null || typeof body === 'function') return
  if (typeof body === 'string' || body instanceof Uint8Array) yield body
  else yield* body
}

async function answer(application: Application, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await application(environOf(request), (status, headers) => {
    response.writeHead(status, [...headers])
  })
  for await (const chunk of chunksOf(body)) if (!response.write(chunk)) await once(response, 'drain')
  response.end()
}

async function serve(application: AppReference, { listen = [] }: ServeOptions = {}): Promise<RunningServer> {
  if (typeof application !== 'function') throw new TypeError('expected a function: this server has one process')
  await application.startup?.()
  const server = http.createServer((request, response) => {
    answer(application, request, response).catch(() => response.writeHead(500).end())
  })
  await once(server.listen(listen[0] ?? { host: '127.0.0.1', port: 3000 }), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    addresses: [{ family: 'IPv4', host: '127.0.0.1', port }],
    urls: [`http://127.0.0.1:${port}/`],
    stats: () => ({ connections: 0, active: 0, requests: 0, accepted: 0 }),
    async close() {
      await Promise.all([once(server, 'close'), server.close(), server.closeAllConnections()])
      await application.shutdown?.()
      return { cutOff: 0 }
    },
  }
}

const serverModule: ServerModule = { name: 'NAME', inProcess: true, serve }
export default serverModule
