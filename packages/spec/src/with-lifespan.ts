import type { Application } from './application.ts'

/**
 * A wrapper with the lifespan hooks of what it wraps: every middleware owes its inner application both. Gives back the
 * same wrapper where there is nothing to forward.
 *
 * @example
 * const timed = (inner: Application): Application =>
 *   withLifespan((environ, startResponse) => inner(environ, startResponse), inner)
 */
export function withLifespan(wrapper: Application, ...inner: readonly Application[]): Application {
  const startups = inner.filter((app) => app.startup !== undefined)
  const shutdowns = inner.filter((app) => app.shutdown !== undefined)
  if (startups.length > 0) {
    wrapper.startup = async () => {
      for (const app of startups) await app.startup?.()
    }
  }
  if (shutdowns.length > 0) {
    wrapper.shutdown = async () => {
      for (const app of shutdowns.toReversed()) await app.shutdown?.()
    }
  }
  return wrapper
}
