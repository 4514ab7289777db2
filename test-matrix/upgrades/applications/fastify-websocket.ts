import websocket from '@fastify/websocket'
import Fastify from 'fastify'

const app = Fastify()
await app.register(websocket)
app.get('/', async () => 'page')
app.get('/chat', { websocket: true }, (socket) => {
  socket.on('message', (data: Buffer) => socket.send(String(data)))
})

export default app
