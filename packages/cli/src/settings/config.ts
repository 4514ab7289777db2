import type { CommandName, OptionName, OPTIONS } from './options.ts'

type Written<Name extends OptionName> = (typeof OPTIONS)[Name] extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : (typeof OPTIONS)[Name]['type'] extends 'switch'
    ? boolean
    : (typeof OPTIONS)[Name]['type'] extends 'count' | 'size' | 'port' | 'workers'
      ? number | string
      : string

type OneOrMany<Name extends OptionName> = (typeof OPTIONS)[Name] extends { readonly many: string }
  ? Written<Name> | readonly Written<Name>[]
  : Written<Name>

type FileOption = {
  [Name in OptionName]: (typeof OPTIONS)[Name] extends { readonly flagOnly: true } ? never : Name
}[OptionName]

/** What `tsgi.config.ts` exports. Times are written with their unit: `'75s'`. */
export type Config = { readonly [Name in FileOption]?: OneOrMany<Name> } & {
  /** `file[:export]`, where the command line names none. */
  readonly app?: string
}

/** What a config file that exports a function is called with. */
export interface ConfigContext {
  /** `serve`, `dev`, `fetch`, … */
  readonly command: CommandName
  /** `NODE_ENV`. */
  readonly mode: string
}

/** A config, or a function that returns one. */
export type ConfigExport = Config | Promise<Config> | ((context: ConfigContext) => Config | Promise<Config>)

/**
 * Returns its argument, so that an editor knows the settings.
 *
 * @example export default defineConfig({ app: 'app.ts', static: 'public', port: 8080 })
 * @example export default defineConfig(({ command }) => ({ app: 'app.ts', accessLog: command === 'serve' }))
 */
export const defineConfig = <Given extends ConfigExport>(config: Given): Given => config
