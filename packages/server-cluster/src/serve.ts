/** The server of N pre-forked workers. */
import { availableParallelism } from 'node:os'
import { logToStandardError } from '@tsgi/connection'
import { SharedTls } from '@tsgi/connection/tls'
import type { AppReference, ServerModule } from '@tsgi/spec/server'
import {
  atLeast,
  type ProcessOptions,
  resolveProcessOptions,
  served,
  supervise,
  type SupervisedServer,
} from '@tsgi/supervisor'

export interface ClusterOptions extends ProcessOptions {
  /** `auto` is one for each processor that this process may use. Default `auto`. */
  readonly workers?: number | 'auto' | undefined
  /** A worker is replaced after so many requests; 0 never. Default 0. */
  readonly maxRequests?: number | undefined
  /** Up to so many requests more, drawn for each worker, so that not all are replaced at once. Default 0. */
  readonly maxRequestsJitter?: number | undefined
  /** A worker is replaced when it holds more memory than this, in bytes; 0 never. Default 0. */
  readonly maxRss?: number | undefined
}

/** As it was built, for the source as well: a worker is one file. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/start-worker.cjs' : 'start-worker.cjs',
  import.meta.url,
)

/**
 * Starts the workers, each with the application loaded and its `startup` run, and resolves when all accept.
 *
 * @throws ServeError `TSGI_ERR_NEEDS_REFERENCE`, `TSGI_ERR_OPTION`, `TSGI_ERR_BIND`, `TSGI_ERR_APP_LOAD` or `TSGI_ERR_STARTUP`; no
 * process and no socket is left
 */
export async function serve(app: AppReference, options: ClusterOptions = {}): Promise<SupervisedServer> {
  const settings = served('cluster', app, options)
  const { workers = 'auto', maxRequests = 0, maxRequestsJitter = 0, maxRss = 0 } = options
  const count = workers === 'auto' ? availableParallelism() : workers
  atLeast('workers', count, 1)
  atLeast('maxRequests', maxRequests, 0)
  atLeast('maxRequestsJitter', maxRequestsJitter, 0)
  atLeast('maxRss', maxRss, 0)
  const shape = { kind: 'slots', workers: count, maxRequests, maxRequestsJitter, maxRss } as const
  const processOptions = resolveProcessOptions(shape, options)
  const log = options.log ?? logToStandardError
  const tls = await SharedTls.open({ tls: options.tls, listen: options.listen, log })
  return await supervise({
    ...processOptions,
    program: PROGRAM,
    settings: () => (tls === null ? settings : served('cluster', app, { ...options, tls: tls.options })),
    renewal: tls,
    listen: options.listen,
    backlog: options.backlog,
    log,
    access: options.access,
    metrics: options.metrics,
  })
}

export const serverModule: ServerModule = { name: 'cluster', inProcess: false, serve }
