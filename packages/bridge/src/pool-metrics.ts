/** What a pool reports beside the metrics of the server that runs it. */
import { addMetrics } from '@tsgi/metrics/counting'
import type { Metric } from '@tsgi/spec/server'

export interface PoolFigures {
  /** Of the language of the application, such as `Python`. */
  readonly language: string
  /** Processes that can take calls, and those of them that answer one. */
  readonly ready: number
  readonly busy: number
  /** Calls that no process has taken yet. */
  readonly waiting: number
  /** Processes that ended unasked, since the start. */
  readonly lost: number
}

/** @returns a function that ends the reports */
export function reportPool(figures: () => PoolFigures): () => void {
  return addMetrics({ getMetricsAsJSON: () => metricsOf(figures()) })
}

function metricsOf({ language, ready, busy, waiting, lost }: PoolFigures): readonly Metric[] {
  const labels = { language }
  return [
    {
      name: 'tsgi_bridge_workers',
      help: 'Processes of applications in other languages, by what they do.',
      type: 'gauge',
      values: [
        { labels: { ...labels, state: 'busy' }, value: busy },
        { labels: { ...labels, state: 'idle' }, value: ready - busy },
      ],
    },
    {
      name: 'tsgi_bridge_waiting_calls',
      help: 'Requests that wait for a process of an application in another language.',
      type: 'gauge',
      values: [{ labels, value: waiting }],
    },
    {
      name: 'tsgi_bridge_worker_losses_total',
      help: 'Processes of applications in other languages that ended unasked and were replaced.',
      type: 'counter',
      values: [{ labels, value: lost }],
    },
  ]
}
