import type { Prepared, PrepareOptions } from '../prepare.ts'
import type { ServletConfig } from './from-config.ts'
import { askInterpreter, findInterpreter } from './interpreter.ts'
import { classPathOf, DEFAULT_THREADS } from './servlet.ts'
import { findTomcat } from './tomcat.ts'
import { workerClasses } from './worker-classes.ts'

/**
 * Looks at all that can be seen before the application is loaded, once for all processes that will load it.
 *
 * @throws BridgeError `TSGI_ERR_BRIDGE_INTERPRETER`
 */
export function prepare(
  config: ServletConfig,
  { interpreters = {}, single: _single, ...options }: PrepareOptions = {},
): Prepared<ServletConfig> {
  const cwd = config.cwd ?? process.cwd()
  const { path, version } = askInterpreter(findInterpreter(interpreters['java'] ?? config.java, cwd), cwd)
  const tomcat = findTomcat(config.tomcat, classPathOf(config.classPath, cwd), cwd)
  // Compiled here where that is still to be done, and not by several processes at once.
  workerClasses(path, tomcat)
  // One JVM has threads for all processors.
  const { workers = 1, threads = DEFAULT_THREADS } = options
  return { config: { ...config, ...options, workers, threads, java: path }, what: `Java ${version} (${path})` }
}
