import { serve } from '@tsgi/server-process'

const app = { module: new URL('app.ts', import.meta.url) }
const server = await serve(app, { spare: 2, listen: [{ host: '127.0.0.1', port: 0 }] })
for (const connection of [1, 2]) {
  // A connection of its own, and therefore a process of its own.
  const response = await fetch(server.urls[0] ?? '', { headers: { connection: 'close' } })
  process.stdout.write(`connection ${connection}: ${await response.text()}`)
}
await server.close()
