/** What a command runs with, once files, variables and flags have been put together. */
import { importModule, parseReference } from '@tsgi/loader'
import type { ModuleReference } from '@tsgi/spec/server'
import { readConfigFile } from './settings/config-file.ts'
import { loadEnvFiles } from './settings/env-file.ts'
import type { CommandName } from './settings/options.ts'
import { resolveSettings, type Flags, type Resolved } from './settings/settings.ts'
import { UsageError } from './usage-error.ts'

export interface Environment extends Resolved {
  readonly command: CommandName
  readonly cwd: string
  /** Where the application is; absent where there is none. */
  readonly app: { readonly text: string; readonly reference: ModuleReference; readonly origin: string } | undefined
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
  env['NODE_ENV'] ??= command === 'serve' ? 'production' : 'development'
  for (const module of resolveSettings({ command, flags: { import: flags.import ?? [] }, env }).settings.import) {
    await importModule(module, cwd)
  }
  const config = await readConfigFile(typeof flags.config === 'string' ? flags.config : undefined, cwd)
  const resolved = resolveSettings({ command, flags, env, config })
  return { ...resolved, command, cwd, app: findApp(app, env['TSGI_APP'], config, cwd) }
}

function findApp(
  argument: string | undefined,
  variable: string | undefined,
  config: { readonly name: string; readonly values: { readonly [key: string]: unknown } } | undefined,
  cwd: string,
): Environment['app'] {
  const configured = config?.values['app']
  if (configured !== undefined && typeof configured !== 'string') {
    throw new UsageError([
      `app: ${JSON.stringify(configured)} in ${config?.name}: expected the application's file[:export].`,
    ])
  }
  const [text, origin] =
    argument !== undefined
      ? [argument, 'argument']
      : variable
        ? [variable, 'TSGI_APP']
        : configured !== undefined
          ? [configured, config?.name ?? '']
          : []
  return text === undefined ? undefined : { text, origin: origin ?? '', reference: parseReference(text, cwd) }
}

const listOf = (value: string | readonly string[] | boolean | undefined): readonly string[] =>
  Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
