import http from 'node:http'
import express from 'express'
import { Server } from 'socket.io'

const app = express()
app.get('/', (_request, response) => void response.send('page'))
const server = http.createServer(app)
const io = new Server(server)
io.on('connection', (socket) => {
  socket.on('echo', (text: string, reply: (text: string) => void) => reply(`${socket.conn.transport.name}: ${text}`))
})
server.listen(3000)
