import net from 'node:net'
import { resolveProcessOptions, supervise } from '@tsgi/supervisor'

const shape = { kind: 'slots', workers: 2, maxRequests: 0, maxRequestsJitter: 0, maxRss: 0 } as const
const server = await supervise({
  ...resolveProcessOptions(shape, { workerTimeout: 10_000 }),
  program: new URL('worker.ts', import.meta.url),
  settings: null,
  listen: [{ host: '127.0.0.1', port: 0 }],
  backlog: 511,
  log: (level, message) => console.error(`${level}: ${message}`),
})
const [address] = server.addresses
if (address?.family === 'IPv4') {
  for await (const text of net.connect(address.port).setEncoding('utf8')) process.stdout.write(text)
}
await server.close()
