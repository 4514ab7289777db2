// The event-loop server with static files: tsgi.mjs <port> <folder>
import { serve } from '@tsgi/server-event-loop'
import { staticFiles } from '@tsgi/static-files'

const [port, folder] = process.argv.slice(2)
await serve(staticFiles(folder), { listen: [{ host: '127.0.0.1', port: Number(port) }] })
