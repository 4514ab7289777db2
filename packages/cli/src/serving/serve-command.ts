import type { Environment } from '../environment.ts'
import { EXIT } from '../exit-code.ts'
import type { Inheritance } from '../watching/watched-child.ts'

export interface ServeContext {
  /** As it was before anything was read into it. */
  readonly originalEnv: NodeJS.ProcessEnv
  /** Of a process that another one watches. */
  readonly inheritance: Inheritance | undefined
  out(text: string): void
}

/**
 * `tsgi serve` and `tsgi dev`: serves, or only looks.
 *
 * @returns the exit code
 */
export async function serveCommand(
  environment: Environment,
  { originalEnv, inheritance, out }: ServeContext,
): Promise<number> {
  const { printConfig, checkConfig, watch } = environment.settings
  if (printConfig) out((await import('../settings/print-config.ts')).printConfig(environment))
  if (checkConfig) out(await (await import('./check-config.ts')).checkConfig(environment))
  if (printConfig || checkConfig) return EXIT.ok
  if (watch && inheritance === undefined)
    return (await import('../watching/watch.ts')).watchAndServe(environment, originalEnv)
  return (await import('./run-server.ts')).runServer(environment, inheritance)
}
