/** A run: every pairing in every round, in an order drawn anew each time, so that drift of the machine hits all alike. */
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareData } from '../data/prepare.ts'
import { databaseUrl } from '../data/store.ts'
import { Generator } from '../load/generator.ts'
import { wrkVersion } from '../load/wrk.ts'
import { randomFrom, shuffled, type Random } from '../random.ts'
import { FORMAT, type BenchResult, type Latency, type Round } from '../result.ts'
import { probeEnvironment } from './environment.ts'
import type { Bench, Cell } from './bench.ts'
import { measureRound, type Rate, type RoundOptions, type RoundOutput } from './measure-round.ts'
import { plan, type BenchOptions, type Plan, type PlannedRow } from './plan.ts'
import { place } from './processors.ts'
import { Remaining, spoken } from './remaining.ts'
import type { Workload } from '../workloads/workload.ts'
import { connectionsOf } from '../workloads/workloads.ts'

/** Where a run tells how it goes. */
export interface BenchOutput {
  /** Stays. */
  line(text: string): void
  /** Is replaced by the next. */
  progress(text: string): void
}

/** Of the slowest row's ceiling: so that all rows are offered the same load. */
const SHARES = [0.1, 0.5, 0.8]
const FEW_PROCESSORS = 2

interface Progress {
  readonly planned: PlannedRow
  readonly rounds: Round[]
  readonly latencies: Latency[]
  failure: string | null
}

/**
 * Measures what the options ask for.
 *
 * @returns what was found; an interrupted run has the rounds that were finished
 * @throws InputError for what cannot be measured
 */
export async function runBench(options: BenchOptions, output: BenchOutput): Promise<BenchResult> {
  const planned = plan(options)
  const placement = place()
  const probe = probeEnvironment(placement, planned.cwd)
  const notes: string[] = []
  const wrk = wrkVersion() !== null
  if (!wrk) notes.push('wrk is not installed: the ceilings are by autocannon, which needs more of the processor')
  if (placement.processors <= FEW_PROCESSORS) {
    notes.push(
      `${placement.processors} processors: server and load have one each, and cluster throughput is not measured`,
    )
  }
  for (const workload of planned.workloads) {
    const connections = connectionsOf(workload, planned.method.connections)
    if (connections < planned.method.connections)
      notes.push(`${workload.title}: ${connections} connections, since bodies are large`)
  }
  const [loadAverage = 0] = loadavg()
  if (loadAverage > placement.processors / 2) {
    notes.push(
      `other work ran on this machine when the run began (load average ${loadAverage.toFixed(1)} on ${placement.processors} ` +
        'processors): costs are higher than its own, latencies and requests/s tell about its neighbours too',
    )
  }
  const rows = planned.rows.map((row): Progress => {
    const failure = refusal(row, placement.processors)
    return { planned: row, rounds: [], latencies: [], failure }
  })
  const folder = await mkdtemp(join(tmpdir(), 'tsgi-bench-'))
  const generator = new Generator(placement.load)
  try {
    const usesDatabase = planned.workloads.some(({ database }) => database)
    await prepareData(folder, usesDatabase ? databaseUrl() : undefined)
    const bench = { generator, placement, folder, method: { ...planned.method, wrk } }
    await runRounds(planned, rows, bench, output, notes, options.signal)
  } finally {
    generator.stop()
    await rm(folder, { recursive: true, force: true })
  }
  output.progress('')
  return {
    format: FORMAT,
    date: new Date().toISOString(),
    command: options.command ?? 'runBench()',
    mode: planned.mode,
    interrupted: options.signal?.aborted ?? false,
    settings: {
      rounds: planned.rounds,
      duration: planned.method.duration,
      connections: planned.method.connections,
      workloads: planned.workloads.map(({ name, title }) => ({ name, title })),
      seed: planned.seed,
    },
    environment: probe.finish(),
    rows: rows.map(({ planned: { id, subject, workload, twinOf }, rounds, latencies, failure }) => ({
      id,
      label: subject.label,
      server: subject.server,
      app: subject.app,
      workload: workload.name,
      baseline: subject.baseline,
      tuned: subject.tuned,
      twinOf,
      rounds,
      latencies,
      failure,
    })),
    notes,
  }
}

async function runRounds(
  planned: Plan,
  rows: readonly Progress[],
  bench: Bench,
  output: BenchOutput,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const random = randomFrom(planned.seed)
  const startedAt = performance.now()
  const measurable = rows.filter(({ failure }) => failure === null)
  const remaining = new Remaining(measurable.length * planned.rounds, estimateOfCell(planned))
  output.line(
    `${measurable.length} rows × ${planned.rounds} rounds, about ${spoken(remaining.milliseconds())}` +
      (planned.mode === 'full' ? '' : '; indicative, --full for figures to cite'),
  )
  const rates = new Map<Workload, readonly Rate[]>()
  for (let round = 1; round <= planned.rounds; round++) {
    const roundTime = remaining.cell() * measurable.length
    if (planned.budget !== null && round > 1 && performance.now() - startedAt + roundTime > planned.budget) {
      notes.push(`this machine is slow or busy: ${round - 1} of ${planned.rounds} rounds, to end within three minutes`)
      return
    }
    for (const workload of shuffled(random, planned.workloads)) {
      const rows = measurable.filter((row) => row.planned.workload === workload && row.failure === null)
      const cells = new Map(rows.map((row) => [cellOf(row.planned, round, random), row]))
      const began = performance.now()
      const options: RoundOptions = {
        random,
        signal,
        rates(ceilings) {
          // As the first round found them, so that all rounds are offered the same.
          const found = rates.get(workload) ?? (planned.paced.has(workload) ? ratesOf(workload, ceilings) : [])
          rates.set(workload, found)
          return found
        },
      }
      const roundOutput: RoundOutput = {
        step(what, cell) {
          const row = cell === null ? undefined : cells.get(cell)
          const of = row === undefined ? '' : ` of ${nameOf(row.planned)}`
          const left = Math.max(0, remaining.milliseconds() - (performance.now() - began))
          output.progress(
            `round ${round} of ${planned.rounds} · ${workload.name} · ${what}${of} · ${spoken(left)} left`,
          )
        },
        failed(cell, error) {
          const row = cells.get(cell)
          if (row === undefined) return
          row.failure = error.message
          output.line(`failed: ${nameOf(row.planned)} · ${workload.name}: ${error.message}`)
        },
      }
      try {
        for (const [cell, measured] of await measureRound(bench, [...cells.keys()], options, roundOutput)) {
          const row = cells.get(cell)
          row?.rounds.push(measured.round)
          row?.latencies.push(...measured.latencies)
        }
      } catch (error) {
        if (signal?.aborted === true) return
        throw error
      }
      const skipped = measurable.filter((row) => row.planned.workload === workload).length - cells.size
      remaining.done(cells.size, performance.now() - began)
      remaining.skip(skipped)
    }
  }
}

const cellOf = ({ subject, workload }: PlannedRow, round: number, random: Random): Cell => ({
  subject,
  workload,
  round,
  seed: Math.floor(random() * 2 ** 31),
})

const nameOf = ({ subject, twinOf }: PlannedRow): string => `${subject.label}${twinOf === null ? '' : ' (again)'}`

/** Of the slowest ceiling, so that all rows are offered the same load. */
function ratesOf({ pipeline }: Workload, ceilings: readonly number[]): Rate[] {
  const slowest = Math.min(...ceilings)
  if (pipeline !== undefined || !Number.isFinite(slowest) || slowest <= 0) return []
  return SHARES.map((share) => ({ share, rate: slowest * share }))
}

function refusal({ subject, workload }: PlannedRow, processors: number): string | null {
  if (subject.server !== 'cluster' || workload.idle === true || processors > FEW_PROCESSORS) return null
  return (
    `not measured: with ${processors} processors, one of them for the load, several workers share what one would have; ` +
    'the figure would say nothing about a cluster'
  )
}

/** Milliseconds, before any was measured: the windows, and a second for starting, checking and ending. */
function estimateOfCell({ method, workloads, paced }: Plan): number {
  const pacing = (method.paceDuration * SHARES.length * paced.size) / workloads.length
  return 1000 + method.duration * 1000 + method.warmWindow * 4 + pacing + method.idleDuration
}
