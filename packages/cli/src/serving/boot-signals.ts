import { constants } from 'node:os'
import type { Logger } from '@tsgi/spec/server'
import { listenForSignals } from './stop-signals.ts'

/**
 * Signals while nothing serves yet: whatever means an end is one at once, but in order, so that no file stays behind.
 *
 * @returns a function that stops listening
 */
export function listenWhileBooting(log: Logger): () => void {
  const end = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal])
  const later = (signal: NodeJS.Signals) => log('warn', `${signal}: still starting, nothing to do for it`)
  return listenForSignals({
    drain: end,
    now: end,
    reload: () => later('SIGHUP'),
    scale: (_, signal) => later(signal),
    reopen: later,
    unknown: later,
  })
}
