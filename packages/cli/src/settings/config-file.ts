import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { importModule, LoadError, type Exports } from '@tsgi/loader'
import { UsageError } from '../usage-error.ts'
import { nearest } from './nearest.ts'
import { flagName, OPTION_ROWS, OPTIONS, type OptionName } from './options.ts'
import type { ConfigFile } from './settings.ts'

const USUAL_NAMES = ['tsgi.config.ts', 'tsgi.config.mts', 'tsgi.config.js', 'tsgi.config.mjs']

/** Keys of a config file that are no options. */
const OTHER_KEYS = ['app']

/**
 * The config file that was named, else the usual one of the folder, else none.
 *
 * @throws UsageError where it cannot be loaded, or holds what is no setting
 */
export async function readConfigFile(named: string | undefined, cwd: string): Promise<ConfigFile | undefined> {
  const name = named ?? USUAL_NAMES.find((usual) => existsSync(resolve(cwd, usual)))
  if (name === undefined) return undefined
  const exports = await importConfig(name, cwd)
  const values: unknown = exports['default']
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new UsageError([`${name} must export its settings by default:`, '  export default { port: 8080 }'])
  }
  for (const key of Object.keys(values)) requireKey(key, name)
  return { name, values: values as ConfigFile['values'] }
}

async function importConfig(name: string, cwd: string): Promise<Exports> {
  try {
    return await importModule(resolve(cwd, name), cwd)
  } catch (error) {
    // What is wrong with it is said in the same words as for an application, but it is a setting that is wrong.
    if (error instanceof LoadError) throw new UsageError([error.message], error)
    throw error
  }
}

function requireKey(key: string, file: string): void {
  if (OTHER_KEYS.includes(key)) return
  const spec = Object.hasOwn(OPTIONS, key) ? OPTION_ROWS.find(([name]) => name === key)?.[1] : undefined
  if (spec === undefined) {
    const names = [...OTHER_KEYS, ...OPTION_ROWS.filter(([, row]) => !row.flagOnly).map(([name]) => name)]
    const meant = nearest(key, names) ?? nearest(toKey(key), names)
    throw new UsageError([
      `${file} has a setting "${key}", which there is not.`,
      ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
    ])
  }
  if (spec.flagOnly) {
    throw new UsageError([`${file} cannot set ${key}; give it on the command line: --${flagName(key as OptionName)}`])
  }
}

/** `keep-alive-timeout` → `keepAliveTimeout`. */
const toKey = (flag: string) => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
