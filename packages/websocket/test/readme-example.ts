import type { Application } from '@tsgi/spec'
import { webSocket } from '@tsgi/websocket'

const echo: Application = (environ, startResponse) =>
  webSocket(environ, startResponse, { maxPayload: 64 * 1024 }, async (socket) => {
    for await (const message of socket) await socket.send(message)
  })

export default echo
