import { serve } from '@tsgi/server-cluster'

const app = { module: new URL('app.ts', import.meta.url) }
const server = await serve(app, { workers: 2, listen: [{ host: '127.0.0.1', port: 0 }] })
const response = await fetch(server.urls[0] ?? '', { headers: { connection: 'close' } })
process.stdout.write(await response.text())
await server.reload()
const { generation, workers } = await server.status()
console.log(`generation ${generation}, ${workers.filter(({ phase }) => phase === 'accepting').length} workers`)
await server.close()
