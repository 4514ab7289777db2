/** Servers that a project has installed, by what their packages say of themselves. */
import { existsSync, readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
const KEYWORD = 'tsgi-server'

/** Names of the dependencies of the project around a folder whose keywords have `tsgi-server`; none without a package.json. */
export function installedServers(folder: string): readonly string[] {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) {
    const above = dirname(folder)
    return above === folder ? [] : installedServers(above)
  }
  const manifest = read(file)
  const names = KINDS.flatMap((kind) => Object.keys((manifest[kind] ?? {}) as object))
  return [...new Set(names)].filter((name) => isServer(name, file))
}

function isServer(name: string, from: string): boolean {
  try {
    const file = findPackageJSON(name, pathToFileURL(from))
    const keywords = file === undefined ? undefined : read(file)['keywords']
    return Array.isArray(keywords) && keywords.includes(KEYWORD)
  } catch {
    // It is not installed.
    return false
  }
}

const read = (file: string): Readonly<Record<string, unknown>> => JSON.parse(readFileSync(file, 'utf8'))
