/** Metrics that an application counts itself, beside those of the server. */
import type { Metric } from '@tsgi/spec/server'

/** What has metrics: a registry of prom-client, of any version, is one. */
export interface MetricsSource {
  /** In prom-client's form, which is that of {@link Metric}. */
  getMetricsAsJSON(): unknown
}

/** One list for a process: the server's copy of this module may be another than the application's. */
const KEY = Symbol.for('tsgi.metrics.sources')

type Shared = { [KEY]?: Set<MetricsSource> }

const sources = (): Set<MetricsSource> => ((globalThis as Shared)[KEY] ??= new Set())

/**
 * Adds the metrics of an application to those of the server that runs it, as {@link ServeOptions.metrics} reports them. Those
 * of several processes are added up, unless a metric's `aggregator` says otherwise; a counter does not fall when a process
 * ends. Without `--metrics` nobody asks.
 *
 * @returns a function that takes them away again
 * @example
 * import { Counter, register } from 'prom-client'
 * addMetrics(register)
 * const orders = new Counter({ name: 'shop_orders_total', help: 'Orders.' })
 */
export function addMetrics(source: MetricsSource): () => void {
  sources().add(source)
  return () => void sources().delete(source)
}

/** The metrics of all that were added; `onError` is called with what one of them fails with. */
export async function ownMetrics(onError: (error: unknown) => void): Promise<readonly Metric[]> {
  const found: Metric[] = []
  for (const source of sources()) {
    try {
      const metrics: unknown = await source.getMetricsAsJSON()
      if (Array.isArray(metrics)) found.push(...metrics.filter(isMetric).map(plain))
      else throw new TypeError(`expected a list of metrics, got ${typeof metrics}`)
    } catch (error) {
      onError(error)
    }
  }
  return found
}

/** Prometheus' own rule for names of metrics and labels, but for the colon, which is for recording rules. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const TYPES: readonly unknown[] = ['counter', 'gauge', 'histogram', 'summary'] satisfies Metric['type'][]

/** Whether data from elsewhere is a metric that Prometheus can read. */
export function isMetric(value: unknown): value is Metric {
  if (typeof value !== 'object' || value === null) return false
  const { name, help, type, values } = value as { readonly [key: string]: unknown }
  return (
    isName(name) && typeof help === 'string' && TYPES.includes(type) && Array.isArray(values) && values.every(isValue)
  )
}

function isValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { labels, metricName, value: figure } = value as { readonly [key: string]: unknown }
  // JSON has no infinity and nothing that is not a number: `null` is what crosses of them.
  if (typeof figure !== 'number' && figure !== null) return false
  if (metricName !== undefined && metricName !== null && !isName(metricName)) return false
  if (typeof labels !== 'object' || labels === null) return false
  return Object.entries(labels).every(
    ([label, text]) => NAME.test(label) && (typeof text === 'string' || typeof text === 'number'),
  )
}

const isName = (name: unknown): name is string => typeof name === 'string' && NAME.test(name)

/** Its data alone, without what is not a number. */
function plain({ name, help, type, aggregator, values }: Metric): Metric {
  const figures = values.filter(({ value }) => typeof value === 'number' && Number.isFinite(value))
  return {
    name,
    help,
    type,
    ...(aggregator !== undefined && { aggregator }),
    values: figures.map(({ labels, value, metricName }) => ({
      labels: { ...labels },
      value,
      ...(typeof metricName === 'string' && { metricName }),
    })),
  }
}
