/**
 * The rows of a workload in one round: each is started, looked at and warmed; then all have their ceilings in turns; then
 * each its latencies and its rest.
 */
import { since } from '../accounting/process-tree.ts'
import type { Latency, Round } from '../result.ts'
import { shuffled, type Random } from '../random.ts'
import type { Bench, Cell, Measured } from './bench.ts'
import { connectionsOf } from '../workloads/workloads.ts'
import { measureCeilings, type Ceiling } from './ceilings.ts'
import { measureIdle, watchIdle } from './measure-idle.ts'
import { orStopped, readySubject, targetOf, type ReadySubject } from './ready-subject.ts'
import { SubjectError, type SubjectProcess } from './subject-process.ts'
import { voidCeiling, voidPace } from './void-rules.ts'

export interface Rate {
  /** Of the slowest row's ceiling. */
  readonly share: number
  /** Requests a second. */
  readonly rate: number
}

export interface RoundOutput {
  /** What begins now, and of which row; `null` for all. */
  step(what: string, cell: Cell | null): void
  /** That row has no figures; the others go on. */
  failed(cell: Cell, error: SubjectError): void
}

export interface RoundOptions {
  readonly random: Random
  /** What to be paced at, by the rows' requests a second in this round. */
  rates(ceilings: readonly number[]): readonly Rate[]
  readonly signal: AbortSignal | undefined
}

/**
 * @returns what was measured, by cell; a row that failed is not in it
 * @throws whatever the signal was aborted with
 */
export async function measureRound(
  bench: Bench,
  cells: readonly Cell[],
  options: RoundOptions,
  output: RoundOutput,
): Promise<Map<Cell, Measured>> {
  const { random, signal } = options
  const abortion = aborted(signal)
  const running = new Set<ReadySubject>()
  const measured = new Map<Cell, Measured>()
  /** What fails for one row is told, and is `null`. */
  const attempt = async <T>(cell: Cell, work: () => Promise<T>): Promise<T | null> => {
    signal?.throwIfAborted()
    try {
      return await Promise.race([work(), abortion])
    } catch (error) {
      if (signal?.aborted === true || !(error instanceof SubjectError)) throw error
      output.failed(cell, error)
      return null
    }
  }
  try {
    for (const cell of shuffled(random, cells)) {
      if (cell.workload.idle === true) {
        output.step('idle connections', cell)
        const result = await attempt(cell, () => measureIdle(bench, cell, signal))
        if (result !== null) measured.set(cell, result)
        continue
      }
      output.step('warming', cell)
      await attempt(cell, async () => void running.add(await readySubject(bench, cell, signal)))
    }
    const rows = [...running]
    if (rows.length === 0) return measured
    output.step('ceilings, in turns', null)
    const ceilings = await measureCeilings(bench, rows, random, signal)
    const rates = options.rates(
      ceilings.flatMap((found) => (found instanceof Error ? [] : found.ceiling.requests / found.ceiling.elapsed)),
    )
    for (const at of shuffled(random, [...rows.keys()])) {
      const [row, found] = [rows[at] as ReadySubject, ceilings[at] as Ceiling | Error]
      output.step('latency', row.cell)
      const result = await attempt(row.cell, () =>
        orStopped(row.process, async () => {
          if (found instanceof Error) throw row.process.alive ? new SubjectError(found.message) : found
          return await finish(bench, row, found, rates)
        }),
      )
      if (result !== null) measured.set(row.cell, result)
      running.delete(row)
      await row.process.stop()
    }
  } finally {
    await Promise.all([...running].map(({ process }) => process.stop()))
  }
  return measured
}

async function finish(bench: Bench, row: ReadySubject, found: Ceiling, rates: readonly Rate[]): Promise<Measured> {
  const { cell, process, boot, cold, warm } = row
  const { ceiling, check, cpu } = found
  const latencies: Latency[] = []
  for (const { share, rate } of rates) latencies.push(await measureLatency(bench, cell, process, share, rate))
  const idleCpu = await watchIdle(bench, process)
  const round: Round = {
    round: cell.round,
    cpu,
    requestsPerSecond: ceiling.requests / ceiling.elapsed,
    requests: ceiling.requests,
    errors: ceiling.errors + check.errors,
    generatorBusy: ceiling.generatorBusy,
    peakMemory: process.peakMemory(),
    boot,
    cold,
    warm,
    idleCpu,
    idleConnection: null,
    voided: voidCeiling(ceiling, check),
  }
  return { round, latencies }
}

async function measureLatency(
  { generator, method }: Bench,
  cell: Cell,
  process: SubjectProcess,
  share: number,
  rate: number,
): Promise<Latency> {
  const { paceDuration: duration } = method
  const connections = connectionsOf(cell.workload, method.connections)
  const before = process.cpuTime()
  const paced = await generator.run({ kind: 'pace', ...targetOf(cell, process), rate, duration, connections })
  const used = since(before, process.cpuTime())
  const { offered, answered, achieved, errors, lateness, generatorBusy, latencies: histogram } = paced
  const cpu = used === null || answered === 0 ? null : used / answered
  const voided = voidPace(paced)
  return { round: cell.round, share, rate, offered, achieved, cpu, errors, lateness, generatorBusy, histogram, voided }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  const abortion = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  abortion.catch(() => {})
  return abortion
}
