/** What a `package.json` says that matters here. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { InputError } from '../input-error.ts'
import type { MatrixConfig } from '../participants.ts'
import { readConfig } from './read-config.ts'

export interface PackageFile {
  readonly folder: string
  readonly name: string | undefined
  readonly version: string | undefined
  /** Names, of whatever kind. */
  readonly dependencies: readonly string[]
  /** What it offers: its key `tsgi`, or what its keywords say (`tsgi-server`, `tsgi-framework`). */
  readonly offers: MatrixConfig | undefined
}

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

/** The nearest `package.json` from a folder upwards. */
export function projectPackage(folder: string): PackageFile | undefined {
  const file = join(folder, 'package.json')
  if (existsSync(file)) return readPackageFile(file)
  const above = dirname(folder)
  return above === folder ? undefined : projectPackage(above)
}

/** The package of that name as modules in the folder see it; `undefined` where it is not installed. */
export function installedPackage(name: string, folder: string): PackageFile | undefined {
  let file: string | undefined
  try {
    file = findPackageJSON(name, pathToFileURL(join(folder, 'package.json')))
  } catch {
    return undefined
  }
  // As Node does: what pnpm installs is a link, and the package's own dependencies are beside what it leads to.
  return file === undefined ? undefined : readPackageFile(realpathSync(file))
}

function readPackageFile(file: string): PackageFile {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`)
  }
  const members = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
  const { name, version, keywords, tsgi } = members
  return {
    folder: dirname(file),
    name: typeof name === 'string' ? name : undefined,
    version: typeof version === 'string' ? version : undefined,
    dependencies: [...new Set(KINDS.flatMap((kind) => Object.keys(members[kind] ?? {})))],
    offers: tsgi === undefined ? offersOf(name, keywords) : readConfig(tsgi, `${file}, tsgi`),
  }
}

/**
 * By its keywords: a package with `tsgi-server` exports a server module, one with `tsgi-framework` an exercise application as
 * `./exercises`. A package finds itself by its name where it has `exports`.
 */
function offersOf(name: unknown, keywords: unknown): MatrixConfig | undefined {
  if (typeof name !== 'string' || !Array.isArray(keywords)) return undefined
  const servers = keywords.includes('tsgi-server') ? [name] : undefined
  const frameworks = keywords.includes('tsgi-framework') ? [{ name, application: `${name}/exercises` }] : undefined
  return servers === undefined && frameworks === undefined ? undefined : { servers, frameworks }
}
