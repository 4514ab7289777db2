/** What a result says, computed from its rounds: the same for the terminal, the report and a comparison. */
import { decodeHistogram, percentilesOf, type Percentiles } from '../load/latency-histogram.ts'
import type { BenchResult, Round, Row } from '../result.ts'
import { estimate, median, type Estimate } from './median.ts'

export interface WorkloadSummary {
  readonly name: string
  readonly title: string
  /** What the A/A pair differs by: a ratio nearer to 1 than this is a tie. `null` where the pair has no figures. */
  readonly noise: number | null
  readonly rows: readonly RowSummary[]
}

export interface RowSummary {
  readonly row: Row
  /** What is compared: see {@link costOf}. */
  readonly cost: Estimate | null
  readonly cpu: Estimate | null
  readonly requestsPerSecond: Estimate | null
  readonly comparison: Comparison | null
  readonly latencies: readonly LatencySummary[]
  /** Medians. */
  readonly peakMemory: number | null
  readonly idleConnection: number | null
  readonly idleCpu: number | null
  readonly cold: { readonly milliseconds: number; readonly cpu: number | null } | null
  readonly errors: number
  /** Each reason once, with how often. */
  readonly voided: readonly string[]
}

/** What a row costs, as a multiple of what another does, round by round. */
export interface Comparison {
  readonly against: string
  /**
   * Where the costs were taken: at the ceilings or, where those do not count, while both were asked at this share of the slowest
   * row's ceiling.
   */
  readonly at: At
  readonly ratio: Estimate
  /** `open`: too few rounds to tell, as after an interruption. */
  readonly verdict: 'less' | 'more' | 'tie' | 'open'
}

export type At = 'ceiling' | number

export interface LatencySummary extends Percentiles {
  readonly share: number
  readonly rate: number
  /** Microseconds for a request. */
  readonly cpu: number | null
}

export function summarise(result: BenchResult): WorkloadSummary[] {
  return result.settings.workloads.map(({ name, title }) => {
    const rows = result.rows.filter(({ workload }) => workload === name)
    const noise = noiseOf(rows, 'ceiling')
    return {
      name,
      title,
      noise,
      rows: rows.filter(({ twinOf }) => twinOf === null).map((row) => summariseRow(row, referenceOf(row, rows), rows)),
    }
  })
}

/** What is compared: processor time for a request, or the memory of a connection where there is none. */
export const costOf = ({ cpu, idleConnection }: Round): number | null => cpu ?? idleConnection?.bytes ?? null

/**
 * A row is compared with the same application run without TSGI; an application that cannot be, with node:http by hand. Where a
 * run has none of these, with the first row.
 */
function referenceOf(row: Row, rows: readonly Row[]): Row | null {
  if (row.baseline) return null
  const measured = rows.filter(({ failure }) => failure === null)
  const baselines = measured.filter(({ baseline }) => baseline)
  const reference =
    baselines.find(({ app }) => app === row.app) ??
    baselines.find(({ app }) => app === 'raw') ??
    (baselines.length === 0 ? measured[0] : undefined)
  return reference === undefined || reference.id === row.id ? null : reference
}

function noiseOf(rows: readonly Row[], at: At): number | null {
  const twin = rows.find(({ twinOf }) => twinOf !== null)
  const original = rows.find(({ id }) => id === twin?.twinOf)
  const ratio = twin === undefined || original === undefined ? null : estimate(pairedRatios(twin, original, at))
  return ratio === null ? null : Math.max(Math.abs(ratio.low - 1), Math.abs(ratio.high - 1))
}

/** One for each round in which both have a figure that counts. */
function pairedRatios(row: Row, reference: Row, at: At): number[] {
  const theirs = new Map(costsOf(reference, at))
  return costsOf(row, at).flatMap(([round, cost]) => {
    const other = theirs.get(round)
    return other === undefined || other === 0 ? [] : [cost / other]
  })
}

/** What it cost in each round that counts. */
function costsOf(row: Row, at: At): [round: number, cost: number][] {
  if (at === 'ceiling') {
    return counting(row).flatMap((round) => {
      const cost = costOf(round)
      return cost === null ? [] : [[round.round, cost]]
    })
  }
  return row.latencies.flatMap(({ round, share, cpu, voided }) =>
    share === at && cpu !== null && voided.length === 0 ? [[round, cpu]] : [],
  )
}

/** The ceilings first; a load that was too busy there voids them, and was less so at the rates. */
function compare(row: Row, reference: Row, rows: readonly Row[]): Comparison | null {
  const shares = [...new Set(row.latencies.map(({ share }) => share))].sort((a, b) => b - a)
  let best: { at: At; ratio: Estimate } | null = null
  for (const at of ['ceiling', ...shares] as const) {
    const ratio = estimate(pairedRatios(row, reference, at))
    if (ratio === null || (best !== null && ratio.values <= best.ratio.values)) continue
    best = { at, ratio }
    if (ratio.values >= LEAST_ROUNDS) break
  }
  if (best === null) return null
  return { ...best, against: reference.label, verdict: verdictOf(best.ratio, noiseOf(rows, best.at)) }
}

export const counting = ({ rounds }: Row): Round[] => rounds.filter(({ voided }) => voided.length === 0)

/** Fewer give an interval that says nothing. */
export const LEAST_ROUNDS = 5

/** A difference that the interval does not exclude, or that two copies of one row show as well, is none. */
export function verdictOf(
  { median: middle, low, high, values }: Estimate,
  noise: number | null,
): Comparison['verdict'] {
  if (values < LEAST_ROUNDS) return 'open'
  if (low <= 1 && high >= 1) return 'tie'
  if (Math.abs(middle - 1) <= (noise ?? 0)) return 'tie'
  return middle < 1 ? 'less' : 'more'
}

function summariseRow(row: Row, reference: Row | null, rows: readonly Row[]): RowSummary {
  const rounds = counting(row)
  const numbers = (figure: (round: Round) => number | null): number[] => rounds.flatMap((round) => figure(round) ?? [])
  const medianOf = (values: readonly number[]): number | null => (values.length === 0 ? null : median(values))
  const coldTime = medianOf(numbers(({ cold }) => cold?.milliseconds ?? null))
  return {
    row,
    cost: estimate(numbers(costOf)),
    cpu: estimate(numbers(({ cpu }) => cpu)),
    requestsPerSecond: estimate(
      rounds.filter(({ idleConnection }) => idleConnection === null).map((round) => round.requestsPerSecond),
    ),
    comparison: reference === null ? null : compare(row, reference, rows),
    latencies: latenciesOf(row),
    peakMemory: medianOf(numbers(({ peakMemory }) => peakMemory)),
    idleConnection: medianOf(numbers(({ idleConnection }) => idleConnection?.bytes ?? null)),
    idleCpu: medianOf(numbers(({ idleCpu }) => idleCpu)),
    cold:
      coldTime === null ? null : { milliseconds: coldTime, cpu: medianOf(numbers(({ cold }) => cold?.cpu ?? null)) },
    errors: row.rounds.reduce((sum, { errors }) => sum + errors, 0),
    voided: reasonsOf(row),
  }
}

/** Samples of all rounds at a rate together. */
function latenciesOf(row: Row): LatencySummary[] {
  const shares = [...new Set(row.latencies.map(({ share }) => share))].sort((a, b) => a - b)
  return shares.flatMap((share) => {
    const counted = row.latencies.filter((latency) => latency.share === share && latency.voided.length === 0)
    if (counted.length === 0) return []
    const percentiles = percentilesOf(counted.map(({ histogram }) => decodeHistogram(histogram)))
    const costs = counted.flatMap(({ cpu }) => cpu ?? [])
    const cpu = costs.length === 0 ? null : median(costs)
    return [{ share, rate: median(counted.map(({ rate }) => rate)), cpu, ...percentiles }]
  })
}

function reasonsOf({ rounds, latencies }: Row): string[] {
  return [
    ...rounds.flatMap(({ round, voided }) => voided.map((reason) => `round ${round}: ${reason}`)),
    ...latencies.flatMap(({ round, share, voided }) =>
      voided.map((reason) => `latency at ${Math.round(share * 100)} % in round ${round}: ${reason}`),
    ),
  ]
}
