/** The process server with the hello application; tells its port. */
import { serve } from '@tsgi/server-process'

const [spare, maxProcesses] = process.argv.slice(2).map(Number) as [number, number]
const app = { module: new URL('hello.ts', import.meta.url) }
const server = await serve(app, { listen: [{ host: '127.0.0.1', port: 0 }], spare, maxProcesses })
const [address] = server.addresses
console.log(address?.family === 'unix' ? 0 : address?.port)
process.once('SIGTERM', () => void server.close({ graceful: 0 }).then(() => process.exit()))
