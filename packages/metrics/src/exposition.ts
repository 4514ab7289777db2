/** Metrics as text that Prometheus reads. */
import type { Metric } from '@tsgi/spec/server'
import { Registry, type PrometheusContentType } from 'prom-client'

/** Of the text (Prometheus' exposition format 0.0.4). */
export const EXPOSITION_TYPE: PrometheusContentType = Registry.PROMETHEUS_CONTENT_TYPE

export async function exposition(metrics: readonly Metric[]): Promise<string> {
  const registry = new Registry()
  for (const metric of metrics) {
    if (metric.values.length > 0) registry.registerMetric({ ...metric, get: async () => metric } as never)
  }
  return await registry.metrics()
}
