/** The ceilings of a round: all rows of a workload are loaded in turns, so short that the machine is the same to all of them. */
import { since } from '../accounting/process-tree.ts'
import { autocannonLoad } from '../load/autocannon.ts'
import { type CeilingResult, type HeldLoad } from '../load/held-load.ts'
import type { ClosedLoopResult } from '../load/closed-loop.ts'
import { wrkLoad } from '../load/wrk.ts'
import { shuffled, type Random } from '../random.ts'
import { connectionsOf } from '../workloads/workloads.ts'
import type { Bench } from './bench.ts'
import { targetOf, type ReadySubject } from './ready-subject.ts'

export interface Ceiling {
  readonly ceiling: CeilingResult
  /** Requests that went along with the load and whose answers were looked at in full. */
  readonly check: ClosedLoopResult
  /** Microseconds of processor time for a request. */
  readonly cpu: number | null
}

/**
 * Milliseconds. Neighbours on a shared machine come and go within a second: two copies of one server, loaded for a second each,
 * one after the other, differed by up to 40 %; in turns of this length by 2 %.
 */
const TURN = 50
const CHECK_LIMIT = 10_000

/** Each row's own, in the order of the rows. A row that cannot be loaded has what went wrong in its place. */
export async function measureCeilings(
  bench: Bench,
  rows: readonly ReadySubject[],
  random: Random,
  signal: AbortSignal | undefined,
): Promise<(Ceiling | Error)[]> {
  const { method } = bench
  const turns = Math.max(1, Math.round((method.duration * 1000) / TURN))
  const before = rows.map(({ process }) => process.cpuTime())
  const loads: HeldLoad[] = []
  try {
    // Should this process end first, the loads end by themselves, some time after they would have been done.
    const limit = 30 + Math.ceil(2 * method.duration * rows.length)
    for (const row of rows) loads.push(await startLoad(bench, row, limit))
    const checks = rows.map((): ClosedLoopResult[] => [])
    for (let turn = 0; turn < turns; turn++) {
      for (const at of shuffled(random, [...rows.keys()])) {
        signal?.throwIfAborted()
        const [row, load] = [rows[at] as ReadySubject, loads[at] as HeldLoad]
        // With inputs of its own, one after the other.
        const target = { ...targetOf(row.cell, row.process), seed: row.cell.seed + 1, first: turn }
        const limits = { connections: 1, count: 1, duration: CHECK_LIMIT }
        const checking = bench.generator.run({ kind: 'check', ...target, ...limits })
        const [check] = await Promise.all([checking, load.turn(TURN)])
        checks[at]?.push(check)
      }
    }
    const ceilings: (Ceiling | Error)[] = []
    for (const [at, load] of loads.entries()) {
      ceilings.push(await finished(load, checks[at] ?? [], before[at] ?? null, rows[at] as ReadySubject))
    }
    return ceilings
  } finally {
    for (const load of loads) load.kill()
  }
}

async function startLoad({ method, placement, folder }: Bench, row: ReadySubject, limit: number): Promise<HeldLoad> {
  const { workload, seed } = row.cell
  const connections = connectionsOf(workload, method.connections)
  const start = method.wrk ? wrkLoad : autocannonLoad
  const { load: processors, loadProcessors: threads } = placement
  return await start({ port: row.process.port, workload, seed, connections, folder, processors, threads, limit })
}

async function finished(
  load: HeldLoad,
  checks: readonly ClosedLoopResult[],
  before: number | null,
  { process }: ReadySubject,
): Promise<Ceiling | Error> {
  try {
    const ceiling = await load.finish()
    const check = together(checks)
    const cpu = since(before, process.cpuTime())
    const requests = ceiling.requests + check.answered
    return { ceiling, check, cpu: cpu === null || requests === 0 ? null : cpu / requests }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function together(checks: readonly ClosedLoopResult[]): ClosedLoopResult {
  const sum = (figure: (check: ClosedLoopResult) => number): number =>
    checks.reduce((total, check) => total + figure(check), 0)
  return {
    answered: sum(({ answered }) => answered),
    errors: sum(({ errors }) => errors),
    wrong: sum(({ wrong }) => wrong),
    trouble: checks.find(({ trouble }) => trouble !== null)?.trouble ?? null,
    elapsed: sum(({ elapsed }) => elapsed),
  }
}
