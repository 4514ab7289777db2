/** `node bench/tsgi.ts PORT [fast]`: the app on the event-loop server, through this adapter, as built. */
import { serve } from '@tsgi/server-event-loop'
import { fromFetch, installFastGlobals } from '@tsgi/adapter-fetch/from-fetch'

const [port, mode] = process.argv.slice(2)
if (mode === 'fast') installFastGlobals()
const { app } = await import('./app.ts')
await serve(fromFetch(app), { listen: [{ host: '127.0.0.1', port: Number(port) }] })
