/** What signals mean to a supervised server. For the program that owns the process: a library does not touch signals. */
import type { CloseResult, Logger } from '@tsgi/spec/server'
import type { SupervisedServer } from './supervise.ts'

/** Their default is the end of the process, or its suspension. */
const WITHOUT_MEANING: readonly NodeJS.Signals[] = ['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGPROF']

/**
 * TERM and INT drain, a second one or QUIT ends at once, HUP reloads, TTIN and TTOU make it one worker more or fewer.
 *
 * @returns what the server ended with, whoever ended it; the signals have their default meaning again then
 *
 * @example
 * const server = await serve({ module: '/srv/app.js' }, { log })
 * const { cutOff } = await obeySignals(server, log)
 * process.exitCode = cutOff === 0 ? 0 : 5
 */
export async function obeySignals(server: SupervisedServer, log: Logger): Promise<CloseResult> {
  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    log('info', stopping ? `${signal}: ending at once` : `${signal}: stopping`)
    void server.close(stopping ? { graceful: 0 } : {})
    stopping = true
  }
  const scale = (by: number): void => {
    try {
      server.scale(server.size + by)
      log('info', `scaled to ${server.size}`)
    } catch (error) {
      log('warn', error instanceof Error ? error.message : String(error))
    }
  }
  const handlers: Partial<Record<NodeJS.Signals, (signal: NodeJS.Signals) => void>> = {
    SIGTERM: stop,
    SIGINT: stop,
    SIGQUIT: (signal) => {
      stopping = true
      stop(signal)
    },
    // Whether it went well is in the log.
    SIGHUP: () => void server.reload().catch(() => {}),
    SIGTTIN: () => scale(1),
    SIGTTOU: () => scale(-1),
  }
  for (const signal of WITHOUT_MEANING) handlers[signal] = () => log('warn', `${signal}: nothing to do for it`)
  const entries = Object.entries(handlers) as [NodeJS.Signals, (signal: NodeJS.Signals) => void][]
  for (const [signal, handler] of entries) process.on(signal, handler)
  try {
    return await server.ended
  } finally {
    for (const [signal, handler] of entries) process.off(signal, handler)
  }
}
