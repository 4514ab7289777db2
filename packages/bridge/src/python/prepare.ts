import { usualWorkers, type Prepared, type PrepareOptions } from '../prepare.ts'
import type { PythonConfig } from './from-config.ts'
import { askInterpreter, findInterpreter } from './interpreter.ts'

/**
 * Looks at all that can be seen before the application is loaded, once for all processes that will load it.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER`
 */
export function prepare(
  config: PythonConfig,
  { interpreters = {}, single, ...options }: PrepareOptions = {},
): Prepared<PythonConfig> {
  const cwd = config.cwd ?? process.cwd()
  const { path, version } = askInterpreter(findInterpreter(interpreters['python'] ?? config.python, cwd), cwd)
  const workers = options.workers ?? usualWorkers(single)
  return { config: { ...config, ...options, workers, python: path }, what: `Python ${version} (${path})` }
}
