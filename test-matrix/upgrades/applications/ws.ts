/** `ws` on a server that listens by itself. */
import http from 'node:http'
import { WebSocketServer } from 'ws'

const server = http.createServer((_request, response) => response.end('page'))
const sockets = new WebSocketServer({ server, path: '/chat' })
sockets.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
})
server.listen(Number(process.env['PORT'] ?? 3000))
