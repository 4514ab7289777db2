/**
 * The serving process of `--watch`, as seen from inside: it inherits its sockets from the process that watches, and tells it
 * which files it loaded.
 */
import type { ListenTarget } from '@tsgi/spec/server'
import { reportLoads } from './report-loads.ts'

/** Set for the serving process alone, and taken out of its environment at once. */
export const WATCHED_VARIABLE = 'TSGI_WATCHED'

/** What the watching process hands over. */
export interface Inheritance {
  /** The addresses as they were asked for when the sockets were bound. */
  readonly asked: string
  /** The same, with sockets in the place of addresses. */
  readonly listen: readonly ListenTarget[]
  /** Whether this process takes the place of one that served before. */
  readonly again: boolean
  /** Why the application does not run, where its process ended by itself: then the page of that error is to be served. */
  readonly failure?: string | undefined
  /** The file in which to report what is loaded. */
  readonly reports: string
}

/** The inheritance of this process; `undefined` where nobody watches it. Reports what is loaded from now on. */
export function beWatched(): Inheritance | undefined {
  const handed = process.env[WATCHED_VARIABLE]
  delete process.env[WATCHED_VARIABLE]
  if (handed === undefined || process.send === undefined) return undefined
  const inheritance = JSON.parse(handed) as Inheritance
  reportLoads(inheritance.reports)
  // Whoever watched is gone; nobody would stop this process or start it anew.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // The channel says nothing more, and is not to keep the process.
  process.channel?.unref()
  return inheritance
}
