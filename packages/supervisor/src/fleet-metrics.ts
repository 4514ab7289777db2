/** The metrics of a fleet: those of its workers, of those that are gone, and what the fleet counts about itself. */
import { counter, lasting, mergeMetrics, ProcessMetrics } from '@tsgi/metrics/counting'
import type { Metric } from '@tsgi/spec/server'
import type { Fleet } from './fleet/fleet.ts'

export class FleetMetrics {
  /** The last that each of them reported. */
  readonly #workers = new Map<number, readonly Metric[]>()
  #gone: readonly Metric[] = []
  readonly #own = new ProcessMetrics('supervisor', true)

  keep(worker: number, metrics: readonly Metric[]): void {
    this.#workers.set(worker, metrics)
  }

  /** The worker is gone: what it counted stays, so that no counter falls. */
  retire(worker: number): void {
    const last = this.#workers.get(worker)
    this.#workers.delete(worker)
    if (last !== undefined) this.#gone = mergeMetrics(this.#gone, lasting(last))
  }

  /** As of the last reports. */
  collect(fleet: Fleet): readonly Metric[] {
    return mergeMetrics(this.#gone, ...this.#workers.values(), this.#own.metrics(), fleetMetrics(fleet))
  }

  stop(): void {
    this.#own.stop()
  }
}

function fleetMetrics({ workers, size, generation, tally }: Fleet): readonly Metric[] {
  const phases = new Map<string, number>()
  for (const { phase } of workers) phases.set(phase, (phases.get(phase) ?? 0) + 1)
  return [
    {
      name: 'tsgi_workers',
      help: 'Processes of the server, by what they do.',
      type: 'gauge',
      values: [...phases].map(([state, value]) => ({ labels: { state }, value })),
    },
    gauge('tsgi_workers_wanted', 'Workers, or processes that wait for a connection, that there are to be.', size),
    gauge('tsgi_generation', 'The generation of code that serves.', generation),
    {
      name: 'tsgi_worker_ends_total',
      help: 'Workers that ended and were replaced or scaled away, by reason.',
      type: 'counter',
      values: [...tally.ends].map(([reason, value]) => ({ labels: { reason }, value })),
    },
    {
      ...counter('tsgi_reloads_total', 'Reloads of the application, by result.', tally.reloads, { result: 'ok' }),
      values: [
        { labels: { result: 'ok' }, value: tally.reloads },
        { labels: { result: 'failed' }, value: tally.failedReloads },
      ],
    },
  ]
}

const gauge = (name: string, help: string, value: number): Metric => ({
  name,
  help,
  type: 'gauge',
  values: [{ labels: {}, value }],
})
