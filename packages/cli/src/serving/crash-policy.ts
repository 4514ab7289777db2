/** What becomes of errors that reached nobody. Installed by the command only, never by a library. */
import type { Logger } from '@tsgi/spec/server'

export interface CrashActions {
  readonly log: Logger
  /** The process is in doubt: it should end in order. */
  doubt(error: unknown): void
}

/**
 * A rejected promise that nobody awaited is logged, and no more: what failed is over. After an uncaught exception nobody knows
 * what was left half done, so the process is in doubt.
 */
export function catchEscapedErrors({ log, doubt }: CrashActions): void {
  process.on('unhandledRejection', (error) => log('error', 'a promise was rejected and nobody awaited it', { error }))
  process.on('uncaughtException', (error) => {
    log('error', 'uncaught exception', { error })
    doubt(error)
  })
}
