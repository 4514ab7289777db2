/** The metrics of several processes as those of one server. */
import type { Metric, MetricValue } from '@tsgi/spec/server'

interface Merged {
  readonly first: Metric
  readonly values: Map<string, { readonly like: MetricValue; value: number; count: number }>
}

/**
 * Adds up what has the same name and labels; gauges as their `aggregator` says. Where two metrics of one name are of two types,
 * the first is kept.
 */
export function mergeMetrics(...lists: readonly (readonly Metric[])[]): readonly Metric[] {
  const all = new Map<string, Merged>()
  for (const list of lists) for (const metric of list) add(all, metric)
  return [...all.values()].map(({ first, values }) => ({
    ...first,
    values: [...values.values()].map(({ like, value, count }) => ({
      ...like,
      value: first.type === 'gauge' && first.aggregator === 'average' ? value / count : value,
    })),
  }))
}

/** What of a process that has ended still counts: what only ever grows. A gauge says how things are now. */
export const lasting = (metrics: readonly Metric[]): readonly Metric[] => metrics.filter(({ type }) => type !== 'gauge')

function add(all: Map<string, Merged>, metric: Metric): void {
  if (metric.aggregator === 'omit') return
  let merged = all.get(metric.name)
  if (merged === undefined) all.set(metric.name, (merged = { first: metric, values: new Map() }))
  if (merged.first.type !== metric.type) return
  for (const like of metric.values) {
    // Quantiles of several processes have no sum.
    if (metric.type === 'summary' && like.metricName === undefined) continue
    const key = keyOf(like)
    const before = merged.values.get(key)
    if (before === undefined) merged.values.set(key, { like, value: like.value, count: 1 })
    else {
      before.value = combine(metric, before.value, like.value)
      before.count++
    }
  }
}

function combine({ type, aggregator }: Metric, before: number, value: number): number {
  if (type !== 'gauge') return before + value
  switch (aggregator) {
    case 'first':
      return before
    case 'min':
      return Math.min(before, value)
    case 'max':
      return Math.max(before, value)
    default:
      return before + value
  }
}

/** The same for the same labels, in whatever order they are. */
function keyOf({ metricName, labels }: MetricValue): string {
  return JSON.stringify([metricName, ...Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
