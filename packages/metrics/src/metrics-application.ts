/** `/metrics`, for a listener of its own. */
import type { Application } from '@tsgi/spec'
import type { Metric } from '@tsgi/spec/server'
import { exposition, EXPOSITION_TYPE } from './exposition.ts'
import { mergeMetrics } from './merge.ts'

/**
 * An application that answers `GET /metrics` with what `collect` returns then, and 404 elsewhere.
 *
 * @example
 * const server = await serve(application, { metrics: true })
 * await serve(metricsApplication(() => server.metrics()), { listen: [{ host: '127.0.0.1', port: 9464 }] })
 */
export function metricsApplication(collect: () => Promise<readonly Metric[]>): Application {
  return async ({ requestMethod, pathInfo }, startResponse) => {
    if (pathInfo !== '/metrics') {
      startResponse(404, ['content-type', 'text/plain; charset=utf-8'])
      return 'expected /metrics\n'
    }
    if (requestMethod !== 'GET' && requestMethod !== 'HEAD') {
      startResponse(405, ['allow', 'GET, HEAD'])
      return null
    }
    const text = await exposition(mergeMetrics(await collect()))
    startResponse(200, ['content-type', EXPOSITION_TYPE, 'cache-control', 'no-store'])
    return text
  }
}
