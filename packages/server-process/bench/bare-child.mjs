/** The least that a process for one connection can be: it loads `node:net` and answers a fixed string. */
import net from 'node:net'

const ANSWER =
  'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 13\r\nconnection: close\r\n\r\nHello, World!'
const server = net.createServer((socket) => {
  server.close()
  process.send('taken')
  socket.once('data', () => socket.end(ANSWER))
  socket.once('close', () => process.exit())
})
server.listen({ fd: 4 }, 2048, () => process.send('accepting'))
