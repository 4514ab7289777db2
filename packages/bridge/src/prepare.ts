/** What a command asks of a language before the application is loaded: `prepare(config, options)` beside the default export. */
import type { BridgeOptions } from './options.ts'

export interface PrepareOptions extends BridgeOptions {
  /** Programs that were named, by the option that names them: `python`, `ruby`, `java`. */
  /** Whether one process serves, so that it takes several of the other language to use all processors. */
  readonly single?: boolean | undefined
  readonly interpreters?: { readonly [option: string]: string | undefined } | undefined
}

export interface Prepared<Config> {
  /** For the default export, with the interpreter's own path. */
  readonly config: Config
  /** For people: what runs the application. */
  readonly what: string
}

/** How many processes run an application, where nothing else is said: their language runs one thread at a time. */
export const usualWorkers = (single: boolean | undefined): 'auto' | 1 => (single === true ? 'auto' : 1)
