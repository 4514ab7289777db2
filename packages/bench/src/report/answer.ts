/** The answer in words: what a reader who reads one line takes away. */
import type { RowSummary, WorkloadSummary } from '../statistics/summary.ts'
import { intervalText } from './figures.ts'

/** One line for each row that is compared; what costs more than what it is compared with stands first. */
export interface Answer {
  readonly first: string
  readonly losses: readonly string[]
  readonly wins: readonly string[]
  readonly ties: readonly string[]
}

export function answerOf(workloads: readonly WorkloadSummary[]): Answer {
  const compared = workloads.flatMap((workload) => workload.rows.map((row) => ({ workload, row })))
  const by = (verdict: 'less' | 'more' | 'tie') =>
    compared
      .filter(({ row }) => row.comparison?.verdict === verdict)
      .map(({ workload, row }) => sentence(row, workload))
  const losses = by('more')
  const wins = by('less')
  const ties = by('tie')
  // What was asked first is answered first.
  const asked = compared.find(({ row }) => row.comparison !== null)
  const first = asked === undefined ? 'No pairing has figures that count.' : sentence(asked.row, asked.workload)
  return { first, losses, wins, ties }
}

function sentence({ row, comparison, idleConnection }: RowSummary, workload: WorkloadSummary): string {
  if (comparison === null) return ''
  const what = idleConnection === null ? 'the CPU' : 'the memory'
  const doubt = { less: '', more: '', tie: ': a tie', open: ': too few rounds to tell' }[comparison.verdict]
  return `${row.label}, ${workload.title.toLowerCase()}: ${comparison.ratio.median.toFixed(2)} × ${what} of ${comparison.against}, ${intervalText(comparison.ratio)}${doubt}`
}
