/** The answer in words: what a reader who reads one line takes away. */
import type { RowSummary, WorkloadSummary } from '../statistics/summary.ts'
import { atText, inSentence, intervalText, microseconds } from './figures.ts'

/** Each row that is compared; what costs more than what it is compared with stands first, and what differs most. */
export interface Answer {
  readonly first: string
  readonly losses: readonly Finding[]
  readonly wins: readonly Finding[]
  readonly ties: readonly Finding[]
}

export interface Finding {
  readonly value: number
  /** `0.46 ×`. */
  readonly ratio: string
  readonly label: string
  readonly workload: string
  readonly against: string
  readonly interval: string
}

export function answerOf(workloads: readonly WorkloadSummary[]): Answer {
  const compared = workloads.flatMap((workload) => workload.rows.map((row) => ({ workload, row })))
  const by = (verdict: 'less' | 'more' | 'tie') =>
    compared.flatMap(({ workload, row }) => (row.comparison?.verdict === verdict ? finding(row, workload) : []))
  const losses = by('more').toSorted((a, b) => b.value - a.value)
  const wins = by('less').toSorted((a, b) => a.value - b.value)
  const ties = by('tie')
  // What was asked first is answered first.
  const told = compared.filter(({ row }) => row.comparison !== null)
  const asked = told.find(({ row }) => row.comparison?.verdict !== 'open') ?? told[0]
  const first = asked === undefined ? alone(compared) : sentence(asked.row, asked.workload)
  return { first, losses, wins, ties }
}

/** Where nothing can be compared: what there is. */
function alone(rows: readonly { readonly row: RowSummary; readonly workload: WorkloadSummary }[]): string {
  for (const { row, workload } of rows) {
    const figure = row.cpu === null ? null : `${microseconds(row.cpu.median)} of processor time for a request`
    if (figure !== null) return `${row.row.label}, ${inSentence(workload.title)}: ${figure}, compared with nothing`
  }
  return 'No pairing has figures that count.'
}

function finding({ row, comparison }: RowSummary, { title }: WorkloadSummary): Finding[] {
  if (comparison === null) return []
  const { ratio, at } = comparison
  const against = comparison.against + atText(at)
  const value = ratio.median
  const workload = inSentence(title)
  return [{ value, ratio: `${value.toFixed(2)} ×`, label: row.label, workload, against, interval: intervalText(ratio) }]
}

function sentence({ row, comparison, idleConnection }: RowSummary, workload: WorkloadSummary): string {
  if (comparison === null) return ''
  const what = idleConnection === null ? 'the CPU' : 'the memory'
  const doubt = { less: '', more: '', tie: ': a tie', open: ': too few rounds to tell' }[comparison.verdict]
  return `${row.label}, ${inSentence(workload.title)}: ${comparison.ratio.median.toFixed(2)} × ${what} of ${comparison.against}, ${intervalText(comparison.ratio)}${atText(comparison.at)}${doubt}`
}
