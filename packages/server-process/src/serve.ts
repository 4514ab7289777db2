/** The server with a fresh process for every connection. */
import { availableParallelism } from 'node:os'
import { logToStandardError } from '@tsgi/connection'
import { SharedTls } from '@tsgi/connection/tls'
import { type AppReference, ServeError, type ServerModule } from '@tsgi/spec/server'
import {
  atLeast,
  type ProcessOptions,
  resolveProcessOptions,
  served,
  supervise,
  type SupervisedServer,
} from '@tsgi/supervisor'

export interface ProcessServerOptions extends ProcessOptions {
  /** Processes that wait for a connection with the application loaded. Default: two for each processor, at least 4, and no more than `maxProcesses`. */
  readonly spare?: number | undefined
  /** Processes in all; beyond them connections wait in the kernel's queue. Default 64, or `spare` if that is more. */
  readonly maxProcesses?: number | undefined
}

const DEFAULT_MAX_PROCESSES = 64
/** An idle connection holds a whole process. */
const DEFAULT_KEEP_ALIVE = 2_000

/** As it was built, for the source as well: a worker is one file. */
const PROGRAM = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/start-worker.cjs' : 'start-worker.cjs',
  import.meta.url,
)

/**
 * Starts the processes that wait, each with the application loaded and its `startup` run, and resolves when they accept.
 *
 * @throws ServeError `TSGI_ERR_NEEDS_REFERENCE`, `TSGI_ERR_OPTION`, `TSGI_ERR_BIND`, `TSGI_ERR_APP_LOAD` or `TSGI_ERR_STARTUP`; no
 * process and no socket is left
 */
export async function serve(app: AppReference, options: ProcessServerOptions = {}): Promise<SupervisedServer> {
  const keepAlive = options.timeouts?.keepAlive ?? DEFAULT_KEEP_ALIVE
  const adjusted = { ...options, timeouts: { ...options.timeouts, keepAlive } }
  const settings = served('process', app, adjusted)
  const spare = options.spare ?? Math.min(Math.max(4, 2 * availableParallelism()), options.maxProcesses ?? Infinity)
  const maxProcesses = options.maxProcesses ?? Math.max(spare, DEFAULT_MAX_PROCESSES)
  atLeast('spare', spare, 1)
  atLeast('maxProcesses', maxProcesses, 1)
  if (spare > maxProcesses) {
    throw new ServeError(
      'TSGI_ERR_OPTION',
      `spare: expected at most maxProcesses, which is ${maxProcesses}, got ${spare}. Raise the one or lower the other.`,
    )
  }
  const shape = { kind: 'pool', spare, maxProcesses, turnAway: options.overload === '503' } as const
  const processOptions = resolveProcessOptions(shape, options)
  const log = options.log ?? logToStandardError
  const tls = await SharedTls.open({ tls: options.tls, listen: options.listen, log })
  return await supervise({
    ...processOptions,
    program: PROGRAM,
    settings: () => (tls === null ? settings : served('process', app, { ...adjusted, tls: tls.options })),
    renewal: tls,
    listen: options.listen,
    backlog: options.backlog,
    log,
    access: options.access,
    metrics: options.metrics,
  })
}

export const serverModule: ServerModule = { name: 'process', inProcess: false, serve }
