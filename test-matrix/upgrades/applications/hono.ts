/** `upgradeWebSocket` as the README of @hono/node-server has it. */
import { serve, upgradeWebSocket } from '@hono/node-server'
import { Hono } from 'hono'
import { WebSocketServer } from 'ws'

const app = new Hono()
app.get('/', (c) => c.text('page'))
app.get(
  '/chat',
  upgradeWebSocket(() => ({
    onMessage(event, socket) {
      socket.send(String(event.data))
    },
  })),
)
const sockets = new WebSocketServer({ noServer: true })
// Its types want an option of `ws` to be there that may be absent.
serve({ fetch: app.fetch, websocket: { server: sockets as never } })

export default app
