/** `node serve.ts event-loop|cluster`: the hello application on one process that serves; tells its port. */
const { serve } = await (process.argv[2] === 'cluster'
  ? import('@tsgi/server-cluster')
  : import('@tsgi/server-event-loop'))
const app = { module: new URL('hello.ts', import.meta.url) }
const options = { listen: [{ host: '127.0.0.1', port: 0 }], workers: 1 }
const server = await serve(app, options)
const [address] = server.addresses
console.log(address?.family === 'unix' ? 0 : address?.port)
process.once('SIGTERM', () => void server.close().then(() => process.exit()))
