// The echo of `ws` on node:http. Prints its port.
import http from 'node:http'
import { WebSocketServer } from 'ws'

process.on('SIGINT', () => process.exit(0))
const server = http.createServer()
new WebSocketServer({ server, maxPayload: 1024 * 1024 }).on('connection', (socket) => {
  socket.on('message', (message, binary) => socket.send(message, { binary }))
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('message', () => {
  globalThis.gc()
  globalThis.gc()
  process.send({ memory: process.memoryUsage() })
})
