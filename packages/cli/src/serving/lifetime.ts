/** The life of a running server: from its signals to its exit code. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type CloseResult, type Logger, type RunningServer, timerDelay } from '@tsgi/spec/server'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { listenForSignals } from './stop-signals.ts'
import { isSupervised } from './supervised.ts'

export interface LifetimeOptions {
  readonly log: Logger
  /** Opens log files again. Returns whether there are any. */
  readonly reopen: () => boolean
  /** Called when the end begins. */
  readonly onStop?: () => void
  /** Milliseconds for responses in flight. */
  readonly graceful: number
  /** Milliseconds of serving on after TERM. */
  readonly shutdownDelay: number
  /** Of the log lines that say that all is as it should be. */
  readonly level: 'info' | 'debug'
}

export interface Lifetime {
  /** Settles when the server has ended. */
  readonly ended: Promise<ExitCode>
  /** Ends the server in order, or at once. */
  stop(reason: string, now: boolean): void
  /** Ends the server in order because the process is in doubt; it exits with {@link EXIT.internal}. */
  fail(): void
}

/** For bodies to be closed and the application's `shutdown`, over and above the graceful limit. */
const SHUTDOWN_GRACE = 5000
/** For closing listeners and sockets when there is no time to lose. */
const NOW = 500
/** The same where processes have to be ended and waited for; the server sees to it that they are. */
const NOW_WITH_PROCESSES = 3000

export function superviseServer(
  server: RunningServer,
  { log, reopen, onStop = () => {}, graceful, shutdownDelay, level }: LifetimeOptions,
): Lifetime {
  const { promise: ended, resolve } = Promise.withResolvers<ExitCode>()
  let closing = false
  let failed = false
  const end = (exitCode: ExitCode) => resolve(failed ? EXIT.internal : exitCode)

  function close(reason: string, delay: number): void {
    if (closing) return
    closing = true
    void drain(reason, delay).then(end)
  }

  async function drain(reason: string, delay: number): Promise<ExitCode> {
    onStop()
    server.announceStop?.()
    if (delay > 0) {
      log(level, `${reason}: serving on for ${delay / 1000} s, then stopping`)
      await sleep(timerDelay(delay))
    }
    const { active, connections } = server.stats()
    log(level, delay > 0 ? 'stopping' : `${reason}: stopping`, { active, connections })
    const exitCode = await settle(server.close({ graceful }), graceful + SHUTDOWN_GRACE)
    log(level, 'stopped', { requests: server.stats().requests })
    return exitCode
  }

  async function settle(closed: Promise<CloseResult>, limit: number): Promise<ExitCode> {
    try {
      const result = await Promise.race([closed, sleep(timerDelay(limit))])
      if (result === undefined) {
        log('error', 'the application did not end its shutdown in time')
        return EXIT.cutOff
      }
      if (result.cutOff === 0) return EXIT.ok
      log('warn', `${result.cutOff} ${result.cutOff === 1 ? 'response was' : 'responses were'} cut off`)
      return EXIT.cutOff
    } catch (error) {
      log('error', "the application's shutdown failed", { error })
      return EXIT.internal
    }
  }

  function endNow(reason: string): void {
    log('warn', `${reason}: ending at once`)
    void settle(server.close({ graceful: 0 }), isSupervised(server) ? NOW_WITH_PROCESSES : NOW).then(end)
  }

  function reload(): void {
    if (server.reload === undefined)
      return log('warn', 'SIGHUP: this server cannot load the application anew; start it again')
    // A supervisor logs by itself how it goes, whoever asked for it.
    const say: Logger = isSupervised(server) ? () => {} : log
    server.reload().then(
      () => say('info', 'reloaded'),
      (error: unknown) => say('error', 'the reload failed; what ran before goes on', { error }),
    )
  }

  function scale(by: 1 | -1, signal: NodeJS.Signals): void {
    if (!isSupervised(server)) return log('warn', `${signal}: this server has no workers to add or to take away`)
    try {
      server.scale(server.size + by)
      log('info', `${signal}: scaled to ${server.size}`)
    } catch (error) {
      log('warn', `${signal}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  listenForSignals({
    drain: (signal) => close(signal, signal === 'SIGTERM' ? shutdownDelay : 0),
    now: endNow,
    reload,
    scale,
    reopen: (signal) => reopen() || log('warn', `${signal}: there is no file of a log to open again`),
    unknown: (signal) => log('warn', `${signal}: nothing to do for it`),
  })

  return {
    ended,
    stop(reason, now) {
      if (now) endNow(reason)
      else close(reason, shutdownDelay)
    },
    fail() {
      failed = true
      close('after an uncaught exception the process is in doubt', 0)
    },
  }
}
