/** An Express application that is exported, beside the server that it starts. */
import http from 'node:http'
import express from 'express'
import { WebSocketServer } from 'ws'

const app = express()
app.get('/', (_request, response) => void response.send('page'))
const server = http.createServer(app)
new WebSocketServer({ server, path: '/chat' }).on('connection', (socket) => {
  socket.on('message', (data) => socket.send(String(data)))
})
server.listen(3000)

export default app
