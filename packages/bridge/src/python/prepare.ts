import type { BridgeOptions } from '../options.ts'
import type { PythonConfig } from './from-config.ts'
import { askInterpreter, findInterpreter } from './interpreter.ts'

export interface Prepared {
  /** For the default export, with the interpreter's own path. */
  readonly config: PythonConfig
  /** For people: what runs the application. */
  readonly what: string
}

/**
 * Looks at all that can be seen before the application is loaded, once for all processes that will load it.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER`
 */
export function prepare(
  config: PythonConfig,
  { interpreter, ...options }: BridgeOptions & { readonly interpreter?: string | undefined } = {},
): Prepared {
  const { path, version } = askInterpreter(findInterpreter(interpreter ?? config.python, config.cwd ?? process.cwd()))
  return { config: { ...config, ...options, python: path }, what: `Python ${version} (${path})` }
}
