/** What a command runs with, once files, variables and flags have been put together. */
import { importModule, isForeign, parseReference } from '@tsgi/loader'
import type { App } from './app.ts'
import { readConfigFile } from './settings/config-file.ts'
import { loadEnvFiles } from './settings/env-file.ts'
import type { CommandName } from './settings/options.ts'
import { resolveOption, resolveSettings, type ConfigFile, type Flags, type Resolved } from './settings/settings.ts'
import { isSecure } from './serving/tls-options.ts'
import { handedSockets } from './systemd/socket-activation.ts'
import { UsageError } from './usage-error.ts'

export interface Environment extends Resolved {
  readonly command: CommandName
  readonly cwd: string
  /** Where the application is; absent where there is none. */
  readonly app: App | undefined
}

/**
 * Puts everything together, in the order in which one thing may depend on the other: variables from files, then modules such
 * as tsx that the config file may need, then the config file.
 *
 * @throws UsageError, LoadError
 */
export async function prepareEnvironment(
  command: CommandName,
  app: string | undefined,
  flags: Flags,
): Promise<Environment> {
  const { env } = process
  const cwd = process.cwd()
  loadEnvFiles(listOf(flags.envFile), env, cwd)
  env['NODE_ENV'] ??= ['dev', 'fetch', 'check'].includes(command) ? 'development' : 'production'
  for (const module of resolveOption('import', { command, flags, env })) {
    await importModule(module, cwd)
  }
  const named = typeof flags.config === 'string' ? flags.config : undefined
  const config = await readConfigFile(named, cwd, { command, mode: env['NODE_ENV'] })
  const resolved = withHandedSockets(command, resolveSettings({ command, flags, env, config }), env)
  const found = findApp(app, env['TSGI_APP'], config, cwd)
  const foreign = found !== undefined && isForeign(found.reference.module)
  return { ...resolved, command, cwd, app: foreign ? await prepareForeign(found, resolved.settings, command) : found }
}

/** Sockets that were handed over are where to listen, unless a flag says otherwise. */
function withHandedSockets(command: CommandName, resolved: Resolved, env: NodeJS.ProcessEnv): Resolved {
  if (command !== 'serve' && command !== 'dev') return resolved
  const { settings, origins } = resolved
  const handed = handedSockets(env)
  // They have no address of ours that could say so.
  const bind = isSecure(settings) ? handed.map((target) => ({ ...target, protocol: 'https' as const })) : handed
  const asked = [origins.bind, origins.port, origins.host].some((origin) => origin?.startsWith('--'))
  if (bind.length === 0 || asked) return resolved
  return { settings: { ...settings, bind }, origins: { ...origins, bind: 'LISTEN_FDS' } }
}

/** Imported where an application is in another language. */
const prepareForeign: typeof import('./foreign-app.ts').foreignApp = async (...args) =>
  (await import('./foreign-app.ts')).foreignApp(...args)

function findApp(
  argument: string | undefined,
  variable: string | undefined,
  config: ConfigFile | undefined,
  cwd: string,
): App | undefined {
  const configured = config?.values['app']
  if (configured !== undefined && typeof configured !== 'string') {
    const written = `app: ${JSON.stringify(configured)} in ${config?.name}`
    throw new UsageError([`${written}: expected the application's file[:export].`])
  }
  const sources = [
    [argument, 'argument'],
    [variable, 'TSGI_APP'],
    [configured, config?.name ?? ''],
  ] as const
  for (const [text, origin] of sources) {
    if (text !== undefined && text !== '') return { text, origin, reference: parseReference(text, cwd) }
  }
  return undefined
}

const listOf = (value: string | readonly string[] | boolean | undefined): readonly string[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
