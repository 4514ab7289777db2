/** `--root-path` as a layer: the application is below a prefix, whether or not the proxy in front has taken it off. */
import type { Layer } from '@tsgi/loader'
import { type Application, withLifespan } from '@tsgi/spec'

export type RootPathConfig = {
  /** Begins with a slash and ends with none. */
  readonly prefix: string
}

/**
 * A path below the prefix is divided as a mount divides it (SPEC P.4). Any other comes from a proxy that has taken the prefix off:
 * the prefix goes in front of it, so that links lead back to the proxy (SPEC P.6).
 */
const rootPathLayer: Layer<RootPathConfig> = (inner, { prefix }) => {
  if (inner === null) throw new TypeError('expected an application below the root path, got none')
  const application: Application = (environ, startResponse) => {
    const { scriptName, pathInfo } = environ
    if (pathInfo === '*') return inner(environ, startResponse)
    const whole = pathInfo === prefix || pathInfo.startsWith(`${prefix}/`)
    const divided = { scriptName: scriptName + prefix, pathInfo: whole ? pathInfo.slice(prefix.length) : pathInfo }
    return inner({ ...environ, ...divided }, startResponse)
  }
  return withLifespan(application, inner)
}

export default rootPathLayer
