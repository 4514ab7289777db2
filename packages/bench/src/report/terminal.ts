/** The table at the end of a run. */
import type { BenchResult } from '../result.ts'
import { summarise, type RowSummary, type WorkloadSummary } from '../statistics/summary.ts'
import { answerOf } from './answer.ts'
import { bytesText, microseconds, percentText, rateText, ratioText, significant, VERDICTS } from './figures.ts'

export function terminalReport(result: BenchResult): string {
  const workloads = summarise(result)
  const { first } = answerOf(workloads)
  const { environment, settings, notes } = result
  const rounds = Math.max(0, ...result.rows.map((row) => row.rounds.length))
  return [
    `${result.mode === 'indicative' ? 'Indicative: ' : ''}${first}`,
    ...(result.interrupted ? [`Interrupted: what follows is of the rounds that were finished.`] : []),
    '',
    ...workloads.flatMap((workload) => [...tableOf(workload), '']),
    `${rounds} rounds of ${settings.duration} s, ${settings.connections} connections, ${environment.load}; ${environment.pinning}; seed ${settings.seed}`,
    ...notes.map((note) => `Note: ${note}`),
    '',
  ].join('\n')
}

function tableOf(workload: WorkloadSummary): string[] {
  const idle = workload.rows.some(({ idleConnection }) => idleConnection !== null)
  const header = idle ? IDLE_HEADER : HEADER
  const lines = workload.rows.map((row) => (idle ? idleLine(row) : line(row)))
  const widths = header.map((title, at) => Math.max(title.length, ...lines.map((cells) => cells[at]?.length ?? 0)))
  const format = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  const noise =
    workload.noise === null
      ? 'the A/A pair has no figures'
      : `two copies of one row differ by up to ${percentText(workload.noise)}`
  return [
    `${workload.title} (${noise})`,
    format(header),
    ...lines.map((cells) => format(cells)),
    ...workload.rows.flatMap(troublesOf),
  ]
}

const HEADER = [
  '',
  'CPU/request',
  'compared',
  '',
  'requests/s',
  'p50 at 50 %',
  'p99 at 50 %',
  'first 1,000',
  'memory',
  'idle CPU',
]
const IDLE_HEADER = ['', 'memory/connection', 'compared', '', 'idle CPU', 'memory']

function line(summary: RowSummary): string[] {
  const half = summary.latencies.find(({ share }) => share === 0.5)
  return [
    name(summary),
    summary.cpu === null ? '–' : `${significant(summary.cpu.median)} µs`,
    ...compared(summary),
    rateText(summary.requestsPerSecond?.median ?? null),
    microseconds(half?.p50 ?? null),
    microseconds(half?.p99 ?? null),
    summary.cold === null ? '–' : `${Math.round(summary.cold.milliseconds)} ms`,
    bytesText(summary.peakMemory),
    percentText(summary.idleCpu),
  ]
}

const idleLine = (summary: RowSummary): string[] => [
  name(summary),
  bytesText(summary.idleConnection),
  ...compared(summary),
  percentText(summary.idleCpu),
  bytesText(summary.peakMemory),
]

const name = ({ row }: RowSummary): string => `${row.label}${row.tuned ? ' [tuned]' : ''}`

function compared({ comparison }: RowSummary): [ratio: string, verdict: string] {
  return comparison === null
    ? ['', '']
    : [
        ratioText(comparison.ratio),
        `${VERDICTS[comparison.verdict]}${comparison.at === 'ceiling' ? '' : `, at ${Math.round(comparison.at * 100)} %`}`,
      ]
}

function troublesOf({ row, voided }: RowSummary): string[] {
  const failure = row.failure === null ? [] : [`  ${row.label}: ${row.failure.split('\n').join('\n    ')}`]
  const [first, ...others] = voided
  // All are in the result and its report; a busy machine has dozens.
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return first === undefined ? failure : [...failure, `  void: ${row.label}, ${first}${more}`]
}
