import { connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** Sends bytes as they are, half-closes, and gives everything that comes until the connection ends. */
export async function exchange(port: number, text: string): Promise<Buffer> {
  const socket = await open(port)
  socket.end(text)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  await once(socket, 'connect')
  return socket
}
