/** What applications in other languages report of themselves: a line in their log. */
import type { Observe } from '@tsgi/matrix'
import { withLifespan, type Application, type Environ } from '@tsgi/spec'

/** The application, with the lines `observed <case> <event>` of its log given to `observe`. */
export const observing = (inner: Application, observe: Observe): Application =>
  withLifespan((environ, startResponse) => inner(observed(environ, observe), startResponse), inner)

function observed(environ: Environ, observe: Observe): Environ {
  const { errors } = environ
  const write = (text: string): void => {
    const [, key, event] = /^observed (\S+) (\S+)$/m.exec(text) ?? []
    if (key === undefined || event === undefined) errors.write(text)
    else observe(key, event)
  }
  return { ...environ, errors: { write, flush: () => errors.flush() } }
}
