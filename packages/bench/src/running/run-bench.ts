/** A run: every pairing in every round, in an order drawn anew each time, so that drift of the machine hits all alike. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareData } from '../data/prepare.ts'
import { Generator } from '../load/generator.ts'
import { wrkVersion } from '../load/wrk.ts'
import { randomFrom, shuffled } from '../random.ts'
import { FORMAT, type BenchResult, type Latency, type Round } from '../result.ts'
import { probeEnvironment } from './environment.ts'
import { measure, type Bench } from './measure.ts'
import { plan, type BenchOptions, type Plan, type PlannedRow } from './plan.ts'
import { place } from './processors.ts'
import { Remaining, spoken } from './remaining.ts'
import { SubjectError } from './subject-process.ts'

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
  const rows = planned.rows.map((row): Progress => {
    const failure = refusal(row, placement.processors)
    return { planned: row, rounds: [], latencies: [], failure }
  })
  const folder = await mkdtemp(join(tmpdir(), 'tsgi-bench-'))
  const generator = new Generator(placement.load)
  try {
    const databaseUrl = planned.workloads.some(({ database }) => database) ? process.env['DATABASE_URL'] : undefined
    await prepareData(folder, databaseUrl)
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
  for (let round = 1; round <= planned.rounds; round++) {
    const roundTime = remaining.cell() * measurable.length
    if (planned.budget !== null && round > 1 && performance.now() - startedAt + roundTime > planned.budget) {
      notes.push(`this machine is slow or busy: ${round - 1} of ${planned.rounds} rounds, to end within three minutes`)
      return
    }
    for (const row of shuffled(random, measurable)) {
      const { label } = row.planned.subject
      const rates = ratesOf(row.planned, measurable)
      const seed = Math.floor(random() * 2 ** 31)
      if (row.failure !== null) {
        remaining.skip()
        continue
      }
      const twin = row.planned.twinOf === null ? '' : ' (again)'
      const place = `round ${round} of ${planned.rounds} · ${label}${twin} · ${row.planned.workload.name}`
      output.progress(`${place} · ${spoken(remaining.milliseconds())} left`)
      const cell = { subject: row.planned.subject, workload: row.planned.workload, round, seed, rates }
      const began = performance.now()
      try {
        const measured = await measure(bench, cell, signal)
        row.rounds.push(measured.round)
        row.latencies.push(...measured.latencies)
      } catch (error) {
        if (signal?.aborted === true) return
        if (!(error instanceof SubjectError)) throw error
        row.failure = error.message
        output.line(`${label} · ${row.planned.workload.name}: ${error.message}`)
      }
      remaining.done(performance.now() - began)
    }
  }
}

/** The same for all rows of a workload, once each has a ceiling. */
function ratesOf({ workload }: PlannedRow, rows: readonly Progress[]): { share: number; rate: number }[] {
  if (workload.idle === true || workload.pipeline !== undefined) return []
  const same = rows.filter((row) => row.planned.workload === workload && row.failure === null)
  const first = same.map(({ rounds: [round] }) => round?.requestsPerSecond ?? 0)
  const slowest = Math.min(...first)
  return Number.isFinite(slowest) && slowest > 0 ? SHARES.map((share) => ({ share, rate: slowest * share })) : []
}

function refusal({ subject, workload }: PlannedRow, processors: number): string | null {
  if (subject.server !== 'cluster' || workload.idle === true || processors > FEW_PROCESSORS) return null
  return (
    `not measured: with ${processors} processors, one of them for the load, several workers share what one would have; ` +
    'the figure would say nothing about a cluster'
  )
}

/** Milliseconds, before any was measured: the windows, and a second for starting, checking and ending. */
function estimateOfCell({ method }: Plan): number {
  return (
    1000 + method.duration * 1000 + method.warmWindow * 4 + method.paceDuration * SHARES.length + method.idleDuration
  )
}
