import { serve } from '@tsgi/server-event-loop'
import type { Application } from '@tsgi/spec'

const application: Application = (environ, startResponse) => {
  startResponse(200, ['content-type', 'text/plain'])
  return `Hello from ${environ.server.name}\n`
}

const server = await serve(application, { listen: [{ host: '127.0.0.1', port: 0 }] })
const response = await fetch(server.urls[0] ?? '')
process.stdout.write(await response.text())
await server.close()
