/** Loads that are held still between their turns: wrk where it is installed, and autocannon. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeControlGroup } from '../src/accounting/control-group.ts'
import type { HeldLoad } from '../src/load/held-load.ts'
import { type LoadOptions } from '../src/load/wrk.ts'
import { workloadOf } from '../src/workloads/workloads.ts'
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

/** The figure, once it has been the same for ten looks in a row. */
async function atRest(figure: () => number): Promise<number> {
  let last = figure()
  for (let same = 0; same < 10;) {
    await sleep(10)
    const now = figure()
    same = now === last ? same + 1 : 0
    last = now
  }
  return last
}

describe('a load that is held still', () => {
  test.each(kinds)(
    '$name asks in its turns alone, and tells how many it asked',
    { timeout: 60_000 },
    async ({ start }) => {
      const [one, other] = [await startServer(), await startServer()]
      const [first, second] = [await startLoad(start, one.port), await startLoad(start, other.port)]
      await turnsUntilAsked(first, one)
      // A signal takes a moment, and what was on its way then is still to come; a load that is not held never comes to rest.
      const held = await atRest(() => one.seen.requests)
      await turnsUntilAsked(second, other)
      expect(one.seen.requests).toBe(held)
      const { requests, errors, elapsed } = await first.finish()
      expect(errors).toBe(0)
      expect(requests).toBeGreaterThanOrEqual(held - CONNECTIONS)
      expect(requests).toBeLessThanOrEqual(one.seen.requests)
      expect(elapsed).toBeGreaterThan(0.05)
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
})
