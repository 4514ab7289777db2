/** Loads that are held still between their turns: wrk where it is installed, and autocannon. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeControlGroup } from '../src/accounting/control-group.ts'
import { autocannonLoad } from '../src/load/autocannon.ts'
import type { HeldLoad } from '../src/load/held-load.ts'
import { wrkLoad, wrkVersion, type LoadOptions } from '../src/load/wrk.ts'
import { workloadOf, WORKLOADS } from '../src/workloads/workloads.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsgi-held-'))
})
afterAll(() => rm(folder, { recursive: true }))

interface Counted {
  readonly port: number
  /** Requests until now, and the targets that were asked. */
  readonly seen: { requests: number; readonly targets: Set<string> }
}

const servers: Server[] = []
const loads: HeldLoad[] = []
afterEach(async () => {
  for (const load of loads.splice(0)) load.kill()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function startServer(status = 200): Promise<Counted> {
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

const CONNECTIONS = 4
const kinds = [
  ...(wrkVersion() === null ? [] : [{ name: 'wrk', start: wrkLoad }]),
  { name: 'autocannon', start: autocannonLoad },
]

async function startLoad(
  start: (options: LoadOptions) => Promise<HeldLoad>,
  port: number,
  name = 'plaintext',
  threads = 1,
) {
  const workload = workloadOf(name)
  if (workload === undefined) throw new Error(name)
  const requests = { workload, seed: 1, connections: CONNECTIONS, folder }
  const load = await start({ port, ...requests, processors: null, threads, limit: 60 })
  loads.push(load)
  return load
}

/** Turns until the server was asked: a process that is held still from its beginning starts in its turns. */
async function turnsUntilAsked(load: HeldLoad, { seen }: Counted): Promise<void> {
  while (seen.requests < 100) await load.turn(50)
}

test.each(kinds)(
  '$name asks in its turns alone, and tells how many it asked',
  { timeout: 60_000 },
  async ({ start }) => {
    const [one, other] = [await startServer(), await startServer()]
    const [first, second] = [await startLoad(start, one.port), await startLoad(start, other.port)]
    await turnsUntilAsked(first, one)
    const held = one.seen.requests
    await turnsUntilAsked(second, other)
    // What was on its way when it was held still may have come since.
    expect(one.seen.requests - held).toBeLessThanOrEqual(CONNECTIONS)
    const { requests, errors, elapsed } = await first.finish()
    expect(errors).toBe(0)
    expect(requests).toBeGreaterThanOrEqual(held - CONNECTIONS)
    expect(requests).toBeLessThanOrEqual(one.seen.requests)
    expect(elapsed).toBeGreaterThan(0.05)
  },
)

test.each(kinds)('$name tells of answers that are errors', { timeout: 60_000 }, async ({ start }) => {
  const server = await startServer(503)
  const load = await startLoad(start, server.port)
  await turnsUntilAsked(load, server)
  const { requests, errors, trouble } = await load.finish()
  expect(errors).toBeGreaterThan(0)
  expect(errors).toBeLessThanOrEqual(requests)
  expect(trouble).toMatch(/Non-2xx|outside 2xx/)
})

test.each(kinds)('$name asks different things where the workload does', { timeout: 60_000 }, async ({ start }) => {
  const server = await startServer()
  const load = await startLoad(start, server.port, 'parameter')
  await turnsUntilAsked(load, server)
  await load.finish()
  expect(server.seen.targets.size).toBeGreaterThan(20)
})

test.runIf(wrkVersion() !== null)('wrk with two threads asks from both', { timeout: 60_000 }, async () => {
  const server = await startServer()
  const load = await startLoad(wrkLoad, server.port, 'parameter', 2)
  await turnsUntilAsked(load, server)
  // Each thread has half of the connections, and both have read the requests before the first of them left.
  expect(server.seen.targets.size).toBeGreaterThan(20)
  const { errors, generatorBusy } = await load.finish()
  expect(errors).toBe(0)
  if (generatorBusy !== null) expect(generatorBusy).toBeLessThanOrEqual(1)
})

test.runIf(wrkVersion() !== null).each(WORKLOADS.filter(({ idle }) => idle !== true))(
  'wrk asks for $name as it is checked',
  { timeout: 60_000 },
  async (workload) => {
    const server = await startServer()
    const load = await startLoad(wrkLoad, server.port, workload.name)
    while (server.seen.requests < 8) await load.turn(50)
    const { errors } = await load.finish()
    expect(errors).toBe(0)
  },
)

test('a control group has what a process costs whose work is done by a child it starts at once', ({ skip }) => {
  const group = makeControlGroup(`tsgi-bench-test-${process.pid}`)
  if (group === null) return skip('this process may make no control group')
  const work = '(i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done) & wait'
  const [file, ...parameters] = group.command(['sh', '-c', work])
  try {
    execFileSync(file, parameters)
    expect(group.cpuTime()).toBeGreaterThan(1000)
  } finally {
    group.remove()
  }
})
