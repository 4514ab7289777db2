/**
 * `--metrics`: a listener of its own, which answers before the application has loaded and until it has ended: with metrics, and
 * whether to send requests here.
 */
import { metricsApplication } from '@tsgi/metrics'
import { serve } from '@tsgi/server-event-loop'
import type { ListenTarget, Logger, RunningServer } from '@tsgi/spec/server'

export interface MetricsListener {
  readonly urls: readonly string[]
  /** Whose metrics and readiness are shown from now on. */
  show(server: RunningServer): void
  close(): Promise<unknown>
}

export interface ProbePaths {
  readonly health: string | undefined
  readonly ready: string | undefined
}

const HEALTH = '/healthz'
const READY = '/readyz'
/** For a scrape that has begun, in milliseconds. */
const GRACEFUL = 500

/** @throws ServeError where the address cannot be bound */
export async function openMetrics(
  target: ListenTarget,
  { health = HEALTH, ready = READY }: ProbePaths,
  log: Logger,
): Promise<MetricsListener> {
  let shown: RunningServer | undefined
  const application = metricsApplication(async () => (await shown?.metrics?.()) ?? [])
  // What cannot say whether it is ready is, once it runs.
  application.ready = async () => shown !== undefined && (await shown.ready?.()) !== false
  const limits = { maxConnections: 100, maxBodySize: 0 }
  const listener = await serve(application, { listen: [target], log, limits, health, ready })
  return {
    urls: listener.urls.map((url) => `${url}metrics`),
    show(server) {
      shown = server
      if (server.metrics === undefined)
        log('warn', '--metrics: this server counts nothing, so there is nothing to show')
    },
    close: () => listener.close({ graceful: GRACEFUL }),
  }
}
