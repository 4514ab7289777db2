import type { ServerModule } from '@tsgi/spec/server'

/**
 * The server that a module exports, or why there is none in it.
 *
 * @param exports of the module: `serverModule`, or the default
 */
export function findServerModule(exports: Readonly<Record<string, unknown>>): ServerModule | string {
  const found = [exports['serverModule'], exports['default']].find(isServerModule)
  if (found !== undefined) return found
  const names = Object.keys(exports).join(', ') || 'nothing'
  return `exports no server module: expected \`serverModule\`, or a default, with name, inProcess and serve; got ${names}`
}

function isServerModule(value: unknown): value is ServerModule {
  if (typeof value !== 'object' || value === null) return false
  const { name, inProcess, serve } = value as Partial<Record<keyof ServerModule, unknown>>
  return typeof name === 'string' && typeof inProcess === 'boolean' && typeof serve === 'function'
}
