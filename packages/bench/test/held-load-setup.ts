import { createServer, type Server } from 'node:http'
import { autocannonLoad } from '../src/load/autocannon.ts'
import type { HeldLoad } from '../src/load/held-load.ts'
import { wrkLoad, wrkVersion } from '../src/load/wrk.ts'

export interface Counted {
  readonly port: number
  /** Requests until now, and the targets that were asked. */
  readonly seen: { requests: number; readonly targets: Set<string> }
}

export const servers: Server[] = []
export const loads: HeldLoad[] = []
export async function startServer(status = 200): Promise<Counted> {
  const seen = { requests: 0, targets: new Set<string>() }
  const server = createServer((request, response) => {
    seen.requests++
    seen.targets.add(request.url ?? '')
    request.resume().on('end', () => response.writeHead(status).end('Hello, World!'))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as { port: number }).port, seen }
}

export const CONNECTIONS = 4
export const kinds = [
  ...(wrkVersion() === null ? [] : [{ name: 'wrk', start: wrkLoad }]),
  { name: 'autocannon', start: autocannonLoad },
]

/** Turns until the server was asked: a process that is held still from its beginning starts in its turns. */
export async function turnsUntilAsked(load: HeldLoad, { seen }: Counted): Promise<void> {
  while (seen.requests < 100) await load.turn(50)
}
