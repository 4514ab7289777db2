import type { Application, Awaitable } from '@tsgi/spec'
import type { Json } from '@tsgi/spec/server'

/**
 * What stands between the server and the application: static files, a validator, anything that wraps. `application` is
 * `null` where there is none behind, so that a layer knows whether it has the last word.
 */
export interface Layer<Config extends Json = Json> {
  (application: Application | null, config: Config): Awaitable<Application>
}

/** A layer as data, so that it reaches a child process: the module whose export is a {@link Layer}, and its settings. */
export interface LayerReference {
  readonly module: string
  /** Default: `default`. */
  readonly export?: string
  readonly config?: Json
}
