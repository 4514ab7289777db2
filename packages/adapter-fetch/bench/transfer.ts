/** `node bench/transfer.ts PORT [fast]`: an app that gives 200 MB, and one that takes what it is sent, slowly. */
import { setTimeout as wait } from 'node:timers/promises'
import { serve } from '@tsgi/server-event-loop'
import { fromFetch, installFastGlobals } from '@tsgi/adapter-fetch'
import { Hono } from 'hono'

const SIZE = 200 * 1024 * 1024
const CHUNK = 64 * 1024

const [port, mode] = process.argv.slice(2)
if (mode === 'fast') installFastGlobals()

const app = new Hono()
app.get('/', (c) => {
  let given = 0
  const stream = new ReadableStream({
    pull(controller) {
      if (given === SIZE) return controller.close()
      given += CHUNK
      controller.enqueue(new Uint8Array(CHUNK))
    },
  })
  return c.body(stream)
})
app.post('/', async (c) => {
  let received = 0
  let rested = 0
  for await (const chunk of c.req.raw.body ?? []) {
    received += chunk.length
    if (received - rested < 4 * 1024 * 1024) continue
    rested = received
    await wait(10)
  }
  return c.text(String(received))
})

await serve(fromFetch(app), {
  listen: [{ host: '127.0.0.1', port: Number(port) }],
  limits: { maxBodySize: 2 * SIZE },
})
