/** Servers with `upgrade` listeners, and a client of bytes. */
import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { onTestFinished } from 'vitest'
import { eventLoop, type Hosted, type Subject } from './hosts.ts'

/** Until the end of the test. */
export async function serve(subject: Subject, host = eventLoop): Promise<Hosted> {
  const one = await host.serve(subject)
  onTestFinished(() => one[Symbol.asyncDispose]())
  return one
}

/** A server with one `upgrade` listener. */
export function upgrading(listener: (socket: Duplex, request: IncomingMessage) => void): http.Server {
  const server = http.createServer((_request, response) => response.end('ordinary'))
  return server.on('upgrade', (request, socket) => listener(socket, request))
}

export const ASK = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'
export const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-A: b\r\n\r\n'

/** A client of bytes, whose side has not ended. */
export async function raw({ port }: Hosted, text = ASK): Promise<{ socket: net.Socket; received: () => string }> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  let received = ''
  socket.on('data', (bytes: Buffer) => (received += bytes.toString('latin1')))
  socket.write(text)
  return { socket, received: () => received }
}

export async function contains({ socket, received }: Awaited<ReturnType<typeof raw>>, text: string): Promise<void> {
  while (!received().includes(text)) await once(socket, 'data')
}

/** More than kernels hold for a connection, in bytes. */
export const MUCH = 32 * 1024 * 1024
