/** h3 through crossws, as h3's guide has it. */
import { plugin as websocket } from 'crossws/server'
import { defineWebSocketHandler, H3, serve } from 'h3'

const app = new H3()
app.get('/', () => 'page')
app.get(
  '/chat',
  defineWebSocketHandler({
    message(peer, message) {
      peer.send(message.text())
    },
  }),
)
serve(app, {
  port: 3000,
  plugins: [
    websocket({ resolve: async (request) => ((await app.fetch(request)) as { crossws?: object }).crossws as object }),
  ],
})
