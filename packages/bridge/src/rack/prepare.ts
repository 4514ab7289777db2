import { usualWorkers, type Prepared, type PrepareOptions } from '../prepare.ts'
import type { RackConfig } from './from-config.ts'
import { askInterpreter, findInterpreter } from './interpreter.ts'

/**
 * Looks at all that can be seen before the application is loaded, once for all processes that will load it.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER`
 */
export function prepare(
  config: RackConfig,
  { interpreters = {}, single, ...options }: PrepareOptions = {},
): Prepared<RackConfig> {
  const cwd = config.cwd ?? process.cwd()
  const { path, version } = askInterpreter(findInterpreter(interpreters['ruby'] ?? config.ruby, cwd), cwd)
  const workers = options.workers ?? usualWorkers(single)
  return { config: { ...config, ...options, workers, ruby: path }, what: `Ruby ${version} (${path})` }
}
