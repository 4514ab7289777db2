/** Options that servers of many processes share, checked and with their defaults in place. */
import { ServeError, type ServeOptions, timerDelay } from '@tsgi/spec/server'
import type { Plan, Shape } from './fleet/plan.ts'
import { type Identity, resolveIdentity } from './identity.ts'

/** Times in milliseconds, sizes in bytes. */
export interface ProcessOptions extends ServeOptions {
  /** For a worker to load the application and to listen; 0 as long as it takes. Default 30 s. */
  readonly bootTimeout?: number | undefined
  /** A worker that is silent for so long hangs, and is killed; 0 never. Default 30 s. */
  readonly workerTimeout?: number | undefined
  /** Goes on serving for so long after `close()`, for load balancers to notice. Default 0. */
  readonly shutdownDelay?: number | undefined
  /** Workers run as this user, by name or number. The sockets are bound before. */
  readonly user?: string | number | undefined
  /** Default: the user's own group. */
  readonly group?: string | number | undefined
  /** Size of a worker's heap at which it is ended by the runtime (V8's `--max-old-space-size`). Default: the runtime's. */
  readonly maxOldSpace?: number | undefined
  /** For the workers' Node, such as `--permission`, `--allow-fs-read=/srv/app`, `--import=tsx`. */
  readonly nodeFlags?: readonly string[] | undefined
}

/** Those of {@link ProcessOptions} that are no more than passed on to `supervise`. */
export interface ResolvedProcessOptions {
  readonly plan: Plan
  readonly identity: Identity | null
  readonly nodeFlags: readonly string[]
}

const GRACEFUL = 25_000
/** Long enough for a client that is about to reuse its connection; the keep-alive timeout is for those that are not. */
const IDLE_GRACE = 5_000
const MEBIBYTE = 2 ** 20

/** @throws ServeError `TSGI_ERR_OPTION` */
export function resolveProcessOptions(shape: Shape, options: ProcessOptions): ResolvedProcessOptions {
  const { bootTimeout = 30_000, workerTimeout = 30_000, shutdownDelay = 0, maxOldSpace, nodeFlags = [] } = options
  // `Infinity` would not pass to the workers.
  const graceful = timerDelay(options.timeouts?.graceful ?? GRACEFUL)
  atLeast('bootTimeout', bootTimeout, 0)
  atLeast('workerTimeout', workerTimeout, 0)
  atLeast('shutdownDelay', shutdownDelay, 0)
  if (maxOldSpace !== undefined) atLeast('maxOldSpace', maxOldSpace, MEBIBYTE)
  return {
    plan: { shape, bootTimeout, workerTimeout, graceful, shutdownDelay, idleGrace: Math.min(IDLE_GRACE, graceful) },
    identity: resolveIdentity(options.user, options.group),
    nodeFlags: [
      ...nodeFlags,
      ...(maxOldSpace === undefined ? [] : [`--max-old-space-size=${Math.floor(maxOldSpace / MEBIBYTE)}`]),
    ],
  }
}

/** @throws ServeError `TSGI_ERR_OPTION` unless `value` is a whole number that is large enough */
export function atLeast(option: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw new ServeError('TSGI_ERR_OPTION', `${option}: expected a whole number from ${least} on, got ${value}`)
}
