import type { Limits, Logger, Timeouts } from '@tsgi/spec/server'

export interface ToNodeOptions {
  /** Request bodies beyond `maxBodySize` bytes are 413. Default 128 MiB. */
  readonly limits?: Partial<Pick<Limits, 'maxBodySize'>> | undefined
  /**
   * `body`: for a whole request body, while the application waits for it; later is 408. Default 300 s.
   * `minBodyRate`: bytes per second that a body must bring meanwhile, after the first five seconds. Default 500.
   * `halfClose`: for a client that has sent EOF and accepts no byte; see {@link ApplicationListener.attach}. Default 5 s.
   */
  readonly timeouts?: Partial<Pick<Timeouts, 'body' | 'halfClose' | 'minBodyRate'>> | undefined
  /** Shows an application's errors to the client. Default false. */
  readonly development?: boolean | undefined
  /** Default: warnings and errors to standard error. */
  readonly log?: Logger | undefined
  /** Other processes serve the same application, as `environ.multiprocess` tells it. Default false. */
  readonly multiprocess?: boolean | undefined
}

export interface Settings {
  readonly maxBodySize: number
  readonly bodyTimeout: number
  readonly minBodyRate: number
  readonly halfCloseTimeout: number
  readonly development: boolean
  readonly multiprocess: boolean
  readonly log: Logger
}

export function resolveSettings(options: ToNodeOptions): Settings {
  return {
    maxBodySize: options.limits?.maxBodySize ?? 128 * 1024 * 1024,
    bodyTimeout: options.timeouts?.body ?? 300_000,
    minBodyRate: options.timeouts?.minBodyRate ?? 500,
    halfCloseTimeout: options.timeouts?.halfClose ?? 5000,
    development: options.development ?? false,
    multiprocess: options.multiprocess ?? false,
    log: options.log ?? logToStandardError,
  }
}

const logToStandardError: Logger = (level, message, fields) => {
  if (level === 'debug' || level === 'info') return
  const error = fields?.['error']
  const detail = error instanceof Error ? `\n${error.stack}` : error === undefined ? '' : ` ${String(error)}`
  process.stderr.write(`${level}: ${message}${detail}\n`)
}
