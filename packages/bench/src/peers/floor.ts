/** The least that a server in Node can do: a fixed answer for each head that comes, written without looking at it. */
import net, { type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { GREETING } from '../data/content.ts'

const HEAD_END = '\r\n\r\n'
const answer = (more: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(GREETING)}\r\n${more}\r\n${GREETING}`
const KEPT = answer('')
const LAST = answer('connection: close\r\n')

export async function listen(): Promise<number> {
  const server = net.createServer((socket) => {
    // A head may come in pieces: the three bytes before may be the beginning of its end.
    let rest = ''
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      const text = rest + bytes.toString('latin1')
      const heads = text.split(HEAD_END).length - 1
      rest = text.endsWith(HEAD_END) ? '' : text.slice(-HEAD_END.length + 1)
      if (heads === 0) return
      if (text.includes('connection: close')) socket.end(LAST)
      else socket.write(heads === 1 ? KEPT : KEPT.repeat(heads))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
