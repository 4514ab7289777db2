import { importModule } from '@tsgi/loader'
import type { ServerModule } from '@tsgi/spec/server'
import { UsageError } from '../usage-error.ts'

/** The servers that come along, by the names that `--server` takes; imported only where asked for. */
const OURS: Readonly<Record<string, () => Promise<{ readonly default: ServerModule }>>> = {
  'event-loop': () => import('@tsgi/server-event-loop'),
  cluster: () => import('@tsgi/server-cluster'),
  process: () => import('@tsgi/server-process'),
}

/** Whether it is one of the servers that come along. */
export const isOurs = (name: string): boolean => Object.hasOwn(OURS, name)

/**
 * The server of that name, or of that module.
 *
 * @throws UsageError where the module exports no server
 * @throws LoadError where there is no such module
 */
export async function serverModule(name: string, cwd: string): Promise<ServerModule> {
  const ours = isOurs(name) ? OURS[name] : undefined
  if (ours !== undefined) return (await ours()).default
  const exports = await importModule(name, cwd)
  const found = [exports['default'], exports['serverModule']].find(isServerModule)
  if (found !== undefined) return found
  throw new UsageError([
    `--server ${name}: that module exports no server.`,
    `A server is an object { name, inProcess, serve(app, options) }, exported by default; see @tsgi/spec/server.`,
    `Those that come along: ${Object.keys(OURS).join(', ')}`,
  ])
}

function isServerModule(value: unknown): value is ServerModule {
  if (typeof value !== 'object' || value === null) return false
  const { name, inProcess, serve } = value as Partial<Record<keyof ServerModule, unknown>>
  return typeof name === 'string' && typeof inProcess === 'boolean' && typeof serve === 'function'
}
