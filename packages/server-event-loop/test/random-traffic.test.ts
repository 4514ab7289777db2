/** Whatever the cuts and the timing: every response belongs to its request, and all of them come. */
import { setTimeout as sleep } from 'node:timers/promises'
import { setSharedReads } from '@tsgi/connection'
import { afterEach, describe, expect, test } from 'vitest'
import { portOf, serving } from './serving.ts'
import { DRAIN_LIMIT } from './traffic/plan.ts'
import { PlannedApplication } from './traffic/planned-application.ts'
import { visit } from './traffic/visitor.ts'

/** By hand: `TRAFFIC_ROUNDS=1000 TRAFFIC_SEED=1 vitest run random-traffic`. */
const ROUNDS = Number(process.env['TRAFFIC_ROUNDS'] ?? 6)
const SEED = Number(process.env['TRAFFIC_SEED'] ?? 1)

afterEach(() => setSharedReads(true))

describe.each([true, false])('random traffic, shared reads %s', (shared) => {
  test.each([true, false])('with an access log: %s', { timeout: 60_000 + ROUNDS * 10_000 }, async (logged) => {
    setSharedReads(shared)
    let records = 0
    const planned = new PlannedApplication()
    const { server, log } = await serving(planned.application, {
      limits: { drainLimit: DRAIN_LIMIT },
      ...(logged ? { access: () => records++ } : {}),
    })
    const port = portOf(server.addresses[0])
    for (let round = 0; round < ROUNDS; round++) {
      planned.plans.clear()
      await visit(port, planned, { seed: SEED + round, connections: 25, limit: 30_000 })
    }
    while (server.stats().connections > 0) await sleep(5)
    expect(planned.wrong).toEqual([])
    expect(planned.finished).toBe(planned.called)
    expect(planned.closed).toBe(planned.opened)
    expect(server.stats().active).toBe(0)
    if (logged) expect(records).toBe(server.stats().requests)
    const unexpected = log.filter(({ error }) => !/^Error: planned$/.test(String(error)))
    expect(unexpected).toEqual([])
  })
})
