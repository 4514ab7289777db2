/** The WebSocket libraries of Node's world, each with an application of its own and a client that uses it. */
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from 'graphql-ws'
import { io } from 'socket.io-client'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

export interface Library {
  /** Of the application in `applications/`. */
  readonly file: string
  /** @returns what was received; see {@link expected} */
  use(url: string): Promise<unknown>
  readonly expected: unknown
  /** What the application finds in its environment. */
  environment?(): Promise<Readonly<Record<string, string>>>
}

const open = async (url: string, protocol: string[] = []): Promise<WebSocket> => {
  const socket = new WebSocket(url.replace('http', 'ws'), protocol)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  return socket
}

/** Two messages there and back, and an orderly close. */
export async function echo(url: string): Promise<unknown> {
  const socket = await open(`${url}/chat`)
  const got: string[] = []
  for (const text of ['one', 'x'.repeat(200_000)]) {
    socket.send(text)
    got.push(String((await once(socket, 'message'))[0]).slice(0, 5))
  }
  socket.close(1000)
  return [...got, (await once(socket, 'close'))[0]]
}

const ECHOED: unknown = ['one', 'xxxxx', 1000]

const echoing = (file: string): Library => ({ file, use: echo, expected: ECHOED })

async function upstream(): Promise<Readonly<Record<string, string>>> {
  const server = http.createServer((_request, response) => response.end('page'))
  const sockets = new WebSocketServer({ server, path: '/chat' })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  return { UPSTREAM: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function socketIo(url: string, transports: string[]): Promise<unknown> {
  const socket = io(url, { transports, reconnection: false })
  onTestFinished(() => void socket.disconnect())
  const failed = new Promise<never>((_, reject) => socket.once('connect_error', reject))
  await Promise.race([new Promise<void>((resolve) => socket.once('connect', resolve)), failed])
  return await socket.emitWithAck('echo', 'hi')
}

/** @returns the transport at first, and the one that it goes over to */
export async function pollThenUpgrade(url: string): Promise<unknown> {
  const socket = io(url, { reconnection: false })
  onTestFinished(() => void socket.disconnect())
  const transports = new Promise<string[]>((resolve) => {
    socket.io.once('open', () => {
      const { engine } = socket.io
      const first = engine.transport.name
      engine.once('upgrade', ({ name }: { name: string }) => resolve([first, name]))
    })
  })
  return await transports
}

async function subscribe(url: string): Promise<unknown> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  })
  const counts: unknown[] = []
  for await (const result of client.iterate({ query: 'subscription { count }' })) counts.push(result.data?.['count'])
  await client.dispose()
  return counts
}

async function hotReload(url: string): Promise<unknown> {
  const token = await (await fetch(`${url}/token`)).text()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/?token=${token}`, 'vite-hmr')
  onTestFinished(() => socket.terminate())
  const [message] = (await once(socket, 'message')) as [Buffer]
  return JSON.parse(String(message))
}

export const LIBRARIES: Readonly<Record<string, Library>> = {
  ws: echoing('ws.ts'),
  'express-ws': echoing('express-ws.ts'),
  'an exported Express application and its server': echoing('express-ws-exported.ts'),
  'socket.io, by WebSocket alone': {
    file: 'socket-io.ts',
    use: (url) => socketIo(url, ['websocket']),
    expected: 'websocket: hi',
  },
  'http-proxy': { ...echoing('http-proxy.ts'), environment: upstream },
  'http-proxy-middleware': { ...echoing('http-proxy-middleware.ts'), environment: upstream },
  'graphql-ws': { file: 'graphql-ws.ts', use: subscribe, expected: [1, 2, 3] },
  'koa-websocket': echoing('koa-websocket.ts'),
  '@fastify/websocket': echoing('fastify-websocket.ts'),
  '@hono/node-server with upgradeWebSocket': echoing('hono.ts'),
  'h3 through crossws': echoing('h3.ts'),
  'hot reload of Vite': { file: 'vite.ts', use: hotReload, expected: { type: 'connected' } },
}
