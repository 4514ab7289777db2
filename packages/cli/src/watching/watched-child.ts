/**
 * The serving process of `--watch`, as seen from inside: it inherits its sockets from the process that watches, and tells it
 * which files it loaded.
 */
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { ListenTarget } from '@tsgi/spec/server'

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
}

/** What the serving process reports: absolute paths of files that it loaded. */
export interface LoadReport {
  readonly loaded: readonly string[]
}

/** The inheritance of this process; `undefined` where nobody watches it. Reports what is loaded from now on. */
export function beWatched(): Inheritance | undefined {
  const handed = process.env[WATCHED_VARIABLE]
  delete process.env[WATCHED_VARIABLE]
  if (handed === undefined || process.send === undefined) return undefined
  reportLoads()
  // Whoever watched is gone; nobody would stop this process or start it anew.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  return JSON.parse(handed) as Inheritance
}

function reportLoads(): void {
  const reported = new Set<string>()
  let waiting: string[] = []
  const send = () => {
    if (process.connected) process.send?.({ loaded: waiting } satisfies LoadReport)
    waiting = []
  }
  registerHooks({
    // Not `load`: what tsx makes of a CommonJS module is loaded past it.
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      const { url } = resolved
      if (url.startsWith('file:') && !url.includes('/node_modules/') && !reported.has(url)) {
        reported.add(url)
        if (waiting.length === 0) queueMicrotask(send)
        waiting.push(fileURLToPath(url))
      }
      return resolved
    },
  })
}
