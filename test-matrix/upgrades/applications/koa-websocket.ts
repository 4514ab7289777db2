/** An exported Koa application, whose package keeps the server behind `listen`. */
import Koa from 'koa'
import websockify from 'koa-websocket'

const app = websockify(new Koa())
app.ws.use((context) => {
  const { websocket } = context
  websocket.on('message', (data) => websocket.send(String(data)))
})
app.use((context) => {
  context.body = 'page'
})

export default app
