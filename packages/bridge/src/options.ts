import { availableParallelism } from 'node:os'
import { BridgeError } from './bridge-error.ts'

/** Options of every language. */
export interface BridgeOptions {
  /** Processes that run the application; `auto` is one for each processor. Default 1. */
  readonly workers?: number | 'auto' | undefined
  /** Requests that one process answers at a time, each on a thread of its own. Default 1. */
  readonly threads?: number | undefined
  /**
   * Milliseconds for which the application may give no sign of a request, while it does not wait for the client; then its
   * stacks are logged and the process is replaced. 0 waits for ever. Default 30,000.
   */
  readonly handlerTimeout?: number | undefined
  /** Replace a process after so many requests; 0 never. Default 0. */
  readonly maxRequests?: number | undefined
  /** Environment variables, added to those of this process. */
  readonly env?: { readonly [name: string]: string } | undefined
  /** The current folder of the processes, from which the application is found. Default: this process's. */
  readonly cwd?: string | undefined
  /** Refuse what the standard forbids but textbooks do, such as a `str` for a body. Default false. */
  readonly strict?: boolean | undefined
}

export interface PoolSettings {
  readonly workers: number
  readonly threads: number
  readonly handlerTimeout: number
  readonly maxRequests: number
  readonly env: { readonly [name: string]: string }
  readonly cwd: string
  readonly strict: boolean
}

/**
 * Options with their defaults.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_OPTION`
 */
export function poolSettings(options: BridgeOptions): PoolSettings {
  const { workers = 1, threads = 1, handlerTimeout = 30_000, maxRequests = 0, cwd = process.cwd() } = options
  return {
    workers: workers === 'auto' ? availableParallelism() : count('workers', workers, 1),
    threads: count('threads', threads, 1),
    handlerTimeout: count('handlerTimeout', handlerTimeout, 0),
    maxRequests: count('maxRequests', maxRequests, 0),
    env: options.env ?? {},
    cwd,
    strict: options.strict ?? false,
  }
}

function count(name: keyof BridgeOptions, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new BridgeError(
    'TSGI_ERR_BRIDGE_OPTION',
    `${name}: expected a whole number from ${least}, got ${JSON.stringify(value)}`,
  )
}

/**
 * The name of an application, which may come from data.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_OPTION`
 */
export function requireApp(app: unknown, example: string): string {
  if (typeof app === 'string' && app !== '') return app
  throw new BridgeError(
    'TSGI_ERR_BRIDGE_OPTION',
    `app: expected the name of an application such as ${example}, got ${JSON.stringify(app)}`,
  )
}
