import { constants } from 'node:os'
import type { Logger } from '@tsgi/spec/server'
import { listenForSignals } from './stop-signals.ts'

/**
 * Signals while nothing serves yet: whatever means an end is one at once, but in order, so that no file stays behind.
 *
 * @param reopen opens the log's files again; `false` where there are none
 * @returns a function that stops listening
 */
export function listenWhileBooting(log: Logger, reopen: () => boolean): () => void {
  const end = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal])
  const later = (signal: NodeJS.Signals) => log('warn', `${signal}: still starting, nothing to do for it`)
  return listenForSignals({
    drain: end,
    now: end,
    reload: () => later('SIGHUP'),
    scale: (_, signal) => later(signal),
    reopen: (signal) => reopen() || later(signal),
    unknown: later,
  })
}
