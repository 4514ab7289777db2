/** What a command asks of a language before the application is loaded: `prepare(config, options)` beside the default export. */
import type { BridgeOptions } from './options.ts'

export interface PrepareOptions extends BridgeOptions {
  /** Programs that were named, by the option that names them: `python`, `ruby`. */
  readonly interpreters?: { readonly [option: string]: string | undefined } | undefined
}

export interface Prepared<Config> {
  /** For the default export, with the interpreter's own path. */
  readonly config: Config
  /** For people: what runs the application. */
  readonly what: string
}
