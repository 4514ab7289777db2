/** What signals mean to a running server. */
import { isatty } from 'node:tty'

export interface SignalActions {
  /** Finish what is in flight, then end. */
  drain(signal: NodeJS.Signals): void
  /** End at once. */
  now(signal: NodeJS.Signals): void
  reload(): void
  /** One worker more, or one fewer. */
  scale(by: 1 | -1, signal: NodeJS.Signals): void
  /** The files of logs may have been moved away. */
  reopen(signal: NodeJS.Signals): void
  /** Asked for something that this server does not do. */
  unknown(signal: NodeJS.Signals): void
}

/**
 * A signal to a whole process group arrives once from the system, and again from each launcher on the way (npm, npx) that
 * passes it on. Within this time, in milliseconds, the same signal is the same wish.
 */
const ECHO = 200

/**
 * Their default is the end of the process. PROF is left to Node's profiler, and those that
 * tell of a broken process (SEGV and the like) mean what they mean.
 */
const WITHOUT_MEANING: readonly NodeJS.Signals[] = [
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGIO',
  'SIGPWR',
  'SIGSTKFLT',
]

/**
 * TERM and INT drain, a second one or QUIT ends at once. HUP drains when the terminal that the process was started from has
 * gone, and reloads otherwise. USR1 opens log files again. TTIN and TTOU ask for a worker more or fewer. A signal without a meaning is passed to `unknown`.
 *
 * @returns a function that stops listening
 */
export function listenForSignals(actions: SignalActions): () => void {
  let first: { readonly signal: NodeJS.Signals; readonly time: number } | undefined
  const hadTerminal = hasTerminal()

  const stop = (signal: NodeJS.Signals) => {
    const time = performance.now()
    if (first === undefined) {
      first = { signal, time }
      actions.drain(signal)
    } else if (signal !== first.signal || time - first.time > ECHO) actions.now(signal)
  }
  const handlers: Partial<Record<NodeJS.Signals, (signal: NodeJS.Signals) => void>> = {
    SIGTERM: stop,
    SIGINT: stop,
    SIGQUIT: (signal) => actions.now(signal),
    SIGHUP: (signal) => {
      if (!hadTerminal || hasTerminal()) actions.reload()
      else if (first === undefined) stop(signal)
    },
    // Its default, an open inspector, is off from the first line of the command (bin/tsgi.js).
    SIGUSR1: (signal) => actions.reopen(signal),
    SIGTTIN: (signal) => actions.scale(1, signal),
    SIGTTOU: (signal) => actions.scale(-1, signal),
  }
  for (const signal of WITHOUT_MEANING) handlers[signal] = (name) => actions.unknown(name)

  const entries = Object.entries(handlers) as [NodeJS.Signals, (signal: NodeJS.Signals) => void][]
  for (const [signal, handler] of entries) process.on(signal, handler)
  return () => {
    for (const [signal, handler] of entries) process.off(signal, handler)
  }
}

/** A terminal that was closed no longer answers as one. */
const hasTerminal = () => [0, 1, 2].some((fd) => isatty(fd))
