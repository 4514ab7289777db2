/** What got slower or faster between two runs. */
import type { BenchResult } from '../result.ts'
import { inSentence } from '../report/figures.ts'
import type { Estimate } from '../statistics/median.ts'
import { summarise, verdictOf, type RowSummary } from '../statistics/summary.ts'
import { ratioText } from '../report/figures.ts'

export interface CompareOptions {
  /** A row is a regression when it costs more by this share. Default 0.05. */
  readonly threshold?: number | undefined
}

export interface Difference {
  readonly id: string
  readonly label: string
  readonly workload: string
  /** What was compared: the cost as a multiple of another row's in the same run, which drift of the machine leaves alone, or by itself. */
  readonly by: 'ratio' | 'cost'
  /** Cost of the second run over that of the first. The interval holds wherever each true median lies in its own. */
  readonly change: Estimate
  readonly verdict: 'faster' | 'slower' | 'tie' | 'too few rounds'
  /** Slower by more than the threshold. */
  readonly regression: boolean
}

export interface ReportComparison {
  readonly differences: readonly Difference[]
  /** Rows that cannot be compared, each with the reason. */
  readonly left: readonly string[]
  readonly regressions: readonly Difference[]
  /** Where the two runs were not made alike. */
  readonly warnings: readonly string[]
}

const DEFAULT_THRESHOLD = 0.05

export function compareReports(a: BenchResult, b: BenchResult, options: CompareOptions = {}): ReportComparison {
  const threshold = options.threshold ?? DEFAULT_THRESHOLD
  const differences: Difference[] = []
  const left: string[] = []
  const former = summarise(a)
  for (const workload of summarise(b)) {
    const before = former.find(({ name }) => name === workload.name)
    const noise = Math.max(workload.noise ?? 0, before?.noise ?? 0)
    for (const row of workload.rows) {
      const earlier = before?.rows.find((candidate) => candidate.row.id === row.row.id)
      const compared = earlier === undefined ? 'only in the second run' : comparable(earlier, row)
      if (typeof compared === 'string') {
        left.push(`${row.row.label}, ${inSentence(workload.title)}: ${compared}`)
        continue
      }
      const change = quotient(compared.before, compared.after)
      const verdict = VERDICTS[verdictOf(change, noise)]
      const regression = verdict === 'slower' && change.median > 1 + threshold
      const { id, label } = row.row
      differences.push({ id, label, workload: workload.name, by: compared.by, change, verdict, regression })
    }
  }
  for (const { name, title, rows } of former) {
    const after = b.rows.filter(({ workload }) => workload === name)
    for (const { row } of rows.filter(({ row: { id } }) => !after.some((candidate) => candidate.id === id))) {
      left.push(`${row.label}, ${inSentence(title)}: only in the first run`)
    }
  }
  return { differences, left, regressions: differences.filter(({ regression }) => regression), warnings: unlike(a, b) }
}

const VERDICTS = { less: 'faster', more: 'slower', tie: 'tie', open: 'too few rounds' } as const

type Compared = { readonly by: Difference['by']; readonly before: Estimate; readonly after: Estimate }

function comparable(before: RowSummary, after: RowSummary): Compared | string {
  const [earlier, later] = [before.comparison, after.comparison]
  if (earlier !== null && later !== null && earlier.against === later.against && earlier.at === later.at) {
    return { by: 'ratio', before: earlier.ratio, after: later.ratio }
  }
  if (before.cost === null) return 'the first run has no figures that count'
  if (after.cost === null) return 'the second run has no figures that count'
  return { by: 'cost', before: before.cost, after: after.cost }
}

function quotient(before: Estimate, after: Estimate): Estimate {
  return {
    median: after.median / before.median,
    low: after.low / before.high,
    high: after.high / before.low,
    coverage: Math.min(before.coverage, after.coverage),
    values: Math.min(before.values, after.values),
  }
}

/** Two runs of different settings or machines may be compared, but not without being told. */
function unlike(a: BenchResult, b: BenchResult): string[] {
  const facts: [name: string, of: (result: BenchResult) => unknown][] = [
    ['processor', ({ environment }) => environment.processor],
    ['processors', ({ environment }) => environment.processors],
    ['pinning', ({ environment }) => environment.pinning],
    ['load', ({ environment }) => environment.load],
    ['accounting', ({ environment }) => environment.accounting],
    ['Node', ({ environment }) => environment.versions['node']],
    ['connections', ({ settings }) => settings.connections],
  ]
  return facts.flatMap(([name, of]) =>
    of(a) === of(b) ? [] : [`${name}: ${String(of(a))} in the first run, ${String(of(b))} in the second`],
  )
}

/** What got slower first, then what got faster, then ties. */
export function comparisonText({ differences, left, regressions, warnings }: ReportComparison): string {
  const of = (verdict: Difference['verdict']) => differences.filter((difference) => difference.verdict === verdict)
  const lines = [...of('slower'), ...of('faster'), ...of('tie'), ...of('too few rounds')].map(
    ({ verdict, label, workload, change, by, regression }) =>
      `${verdict.padEnd(6)}  ${label}, ${workload}: ${ratioText(change)}${by === 'cost' ? ' (by itself, not against another row)' : ''}${regression ? '  REGRESSION' : ''}`,
  )
  return [
    ...warnings.map((warning) => `Not alike: ${warning}`),
    ...(lines.length === 0 ? ['The two runs have no row in common that has figures.'] : lines),
    ...left.map((reason) => `left out: ${reason}`),
    regressions.length === 0 ? 'No regression.' : `${regressions.length} regressed.`,
    '',
  ].join('\n')
}
