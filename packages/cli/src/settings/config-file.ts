import { existsSync, readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { appFrame, importModule, LoadError, type Exports } from '@tsgi/loader'
import { UsageError } from '../usage-error.ts'
import type { ConfigContext } from './config.ts'
import { nearest } from './nearest.ts'
import { flagName, OPTION_ROWS, OPTIONS, type OptionName } from './options.ts'
import type { ConfigFile } from './settings.ts'

const USUAL_NAMES = ['tsgi.config.ts', 'tsgi.config.mts', 'tsgi.config.js', 'tsgi.config.mjs', 'tsgi.config.json']

/** Keys of a config file that are no options. */
const OTHER_KEYS = ['app']

/**
 * The config file that was named, else the usual one of the folder, else none. A function in it is called with the command, and
 * may be asynchronous.
 *
 * @throws UsageError where it cannot be loaded, or holds what is no setting
 */
export async function readConfigFile(
  named: string | undefined,
  cwd: string,
  context: ConfigContext,
): Promise<ConfigFile | undefined> {
  const name = named ?? USUAL_NAMES.find((usual) => existsSync(resolve(cwd, usual)))
  if (name === undefined) return undefined
  const isJson = extname(name) === '.json'
  const written = isJson ? readJson(name, cwd) : (await importConfig(name, cwd))['default']
  const values = await settled(written, name, context)
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    if (isJson) throw new UsageError([`${name}: expected an object of settings, such as { "port": 8080 }`])
    const what = typeof written === 'function' ? 'a function that returns its settings' : 'its settings'
    throw new UsageError([`${name}: expected ${what} as the default export:`, '  export default { port: 8080 }'])
  }
  for (const key of Object.keys(values)) requireKey(key, name)
  return { name, values: values as ConfigFile['values'] }
}

function readJson(name: string, cwd: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(cwd, name), 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(
      [code === 'ENOENT' ? `There is no file ${name}.` : `${name} cannot be read: ${message}`],
      error,
    )
  }
}

/** What a config file exports, or what its function returns. */
async function settled(written: unknown, name: string, context: ConfigContext): Promise<unknown> {
  try {
    return await (typeof written === 'function' ? (written as (context: ConfigContext) => unknown)(context) : written)
  } catch (error) {
    const frame = appFrame(error)
    throw new UsageError(
      [
        `${name} failed: ${error instanceof Error ? error.message : String(error)}`,
        ...(frame === undefined ? [] : [`at ${frame}`]),
      ],
      error,
    )
  }
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
