/** What the page's script draws, for each workload: numbers and labels, nothing to be computed. */
import type { RowSummary, WorkloadSummary } from '../statistics/summary.ts'
import { significant } from './figures.ts'

export interface WorkloadCharts {
  readonly ratios: { readonly bars: readonly RatioBar[] }
  readonly latency: { readonly points: readonly LatencyPoint[] }
  readonly grid: { readonly cells: readonly GridCell[] }
}

interface RatioBar {
  readonly label: string
  readonly ratio: number
  readonly low: number
  readonly high: number
  readonly verdict: 'less' | 'more' | 'tie'
  readonly text: string
}

interface LatencyPoint {
  readonly label: string
  readonly server: string
  readonly app: string
  readonly rate: number
  readonly percentile: 'p50' | 'p99'
  /** Milliseconds. */
  readonly value: number
}

interface GridCell {
  readonly server: string
  readonly app: string
  readonly value: number
  readonly text: string
}

export function chartsOf({ rows }: WorkloadSummary): WorkloadCharts {
  return {
    ratios: { bars: rows.flatMap((row) => barOf(row)).sort((a, b) => b.ratio - a.ratio) },
    latency: { points: rows.flatMap((row) => pointsOf(row)) },
    grid: { cells: rows.flatMap((row) => cellOf(row)) },
  }
}

function barOf({ row, comparison }: RowSummary): RatioBar[] {
  if (comparison === null) return []
  const { median, low, high } = comparison.ratio
  return [
    {
      label: row.label,
      ratio: median,
      low,
      high,
      verdict: comparison.verdict === 'open' ? 'tie' : comparison.verdict,
      text: median.toFixed(2),
    },
  ]
}

function pointsOf({ row, latencies }: RowSummary): LatencyPoint[] {
  return latencies.flatMap(({ rate, ...percentiles }) =>
    (['p50', 'p99'] as const).flatMap((percentile) => {
      const value = percentiles[percentile]
      return value === null
        ? []
        : [{ label: row.label, server: row.server, app: row.app, rate, percentile, value: value / 1000 }]
    }),
  )
}

function cellOf({ row, cpu, idleConnection }: RowSummary): GridCell[] {
  const value = cpu?.median ?? (idleConnection === null ? null : idleConnection / 1024)
  // Measured both ways, an application has two cells of one server.
  const server = row.tuned ? `${row.server}, tuned` : row.server
  return value === null ? [] : [{ server, app: row.app, value, text: significant(value) }]
}
