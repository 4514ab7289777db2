/** Loads that are held still between their turns: wrk where it is installed, and autocannon. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { HeldLoad } from '../src/load/held-load.ts'
import { wrkLoad, wrkVersion, type LoadOptions } from '../src/load/wrk.ts'
import { workloadOf, WORKLOADS } from '../src/workloads/workloads.ts'
import { servers, loads, startServer, CONNECTIONS, kinds, turnsUntilAsked } from './held-load-setup.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsgi-held-'))
})
afterAll(() => rm(folder, { recursive: true }))

afterEach(async () => {
  for (const load of loads.splice(0)) load.kill()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

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

describe('a load that is held still', () => {
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
})
