/** Traffic against an application that knows what it was asked: every response belongs to its request, and all of them come. */
import { setTimeout as sleep } from 'node:timers/promises'
import { setSharedReads } from '@tsgi/connection'
import { afterEach, expect, test } from 'vitest'
import { serving } from '../serving.ts'
import { DRAIN_LIMIT } from './plan.ts'
import { PlannedApplication } from './planned-application.ts'
import { visit } from './visitor.ts'

const SEED = Number(process.env['TRAFFIC_SEED'] ?? 1)

/** On a busy machine a client of this process may be slower than any server should wait for; deadlines have tests of their own. */
const NO_DEADLINES = { headers: 0, body: 0, minBodyRate: 0 }

/** Tests with so many rounds of 25 connections. */
export function trafficTests(rounds: number): void {
  afterEach(() => setSharedReads(true))

  test.each([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])('shared reads: %s, an access log: %s', { timeout: 60_000 + rounds * 10_000 }, async (shared, logged) => {
    setSharedReads(shared)
    let records = 0
    const planned = new PlannedApplication()
    const { http, log, port } = await serving(
      planned.application,
      { limits: { drainLimit: DRAIN_LIMIT }, timeouts: NO_DEADLINES, ...(logged ? { access: () => records++ } : {}) },
      'sockets',
    )
    for (let round = 0; round < rounds; round++) {
      planned.plans.clear()
      await visit(port, planned, { seed: SEED + round, connections: 25, limit: 30_000 })
    }
    while (http.stats().connections > 0) await sleep(5)
    expect(planned.wrong).toEqual([])
    expect(planned.finished).toBe(planned.called)
    expect(planned.closed).toBe(planned.opened)
    expect(http.stats().active).toBe(0)
    if (logged) expect(records).toBe(http.stats().requests)
    const unexpected = log.filter(({ error }) => !/^Error: planned$/.test(String(error)))
    expect(unexpected).toEqual([])
  })
}
