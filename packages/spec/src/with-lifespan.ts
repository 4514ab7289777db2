import type { Application } from './application.ts'

/**
 * A wrapper with the lifespan hooks of what it wraps: every middleware owes its inner applications both (SPEC M.3).
 * Startups run from the first to the last and then the wrapper's own; shutdowns the other way, each even where another failed.
 *
 * @returns `wrapper` itself
 * @example
 * const timed = (inner: Application): Application =>
 *   withLifespan((environ, startResponse) => inner(environ, startResponse), inner)
 */
export function withLifespan(wrapper: Application, ...inner: readonly Application[]): Application {
  const own = {
    startup: wrapper.startup?.bind(wrapper),
    shutdown: wrapper.shutdown?.bind(wrapper),
    ready: wrapper.ready?.bind(wrapper),
  }
  if (inner.some((app) => app.startup !== undefined)) {
    wrapper.startup = async () => {
      for (const app of inner) await app.startup?.()
      await own.startup?.()
    }
  }
  if (inner.some((app) => app.shutdown !== undefined)) {
    wrapper.shutdown = async () => {
      const errors: unknown[] = []
      for (const app of [own, ...inner.toReversed()]) {
        try {
          await app.shutdown?.()
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length === 1) throw errors[0]
      if (errors.length > 1) throw new AggregateError(errors, `${errors.length} applications failed to shut down`)
    }
  }
  if (inner.some((app) => app.ready !== undefined)) {
    wrapper.ready = async () => {
      for (const app of [...inner, own]) if ((await app.ready?.()) === false) return false
      return true
    }
  }
  return wrapper
}
