// The echo of @tsgi/websocket on the event-loop server. Prints its port.
import { serve } from '@tsgi/server-event-loop'
import { webSocket } from '@tsgi/websocket'

const OPTIONS = { maxPayload: 1024 * 1024 }

const echo = (environ, startResponse) =>
  webSocket(environ, startResponse, OPTIONS, async (socket) => {
    for await (const message of socket) {
      const room = socket.send(message)
      if (room !== undefined) await room
    }
  })

process.on('SIGINT', () => process.exit(0))
const server = await serve(echo, { listen: [{ host: '127.0.0.1', port: 0 }] })
process.send({ port: Number(new URL(server.urls[0]).port) })
process.on('message', () => {
  globalThis.gc()
  globalThis.gc()
  process.send({ memory: process.memoryUsage() })
})
