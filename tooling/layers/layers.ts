/** The table of layers, read and checked against the packages that exist. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Packages beside each other. None may import one of a floor above it. */
export interface Floor {
  /** What its packages have in common. */
  readonly floor: string
  /** By folder in `packages/`: the folders that it may import; `*` for all of the floors below and its own. */
  readonly packages: Readonly<Record<string, readonly string[]>>
  /** By folder: files to which its row does not apply, such as applications that use frameworks. */
  readonly except?: Readonly<Record<string, readonly string[]>>
}

const root = new URL('../../', import.meta.url)

export const FLOORS: readonly Floor[] = JSON.parse(readFileSync(new URL('layers.json', import.meta.url), 'utf8'))

/** Folders in `packages/` that are packages. */
export const foldersOf = (packages: string): string[] =>
  readdirSync(packages, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(`${packages}/${entry.name}`).includes('package.json'))
    .map(({ name }) => name)
    .sort()

export const PACKAGES: string = fileURLToPath(new URL('packages', root))

/** What is wrong with the table, a sentence each. */
export function complaints(floors: readonly Floor[], folders: readonly string[]): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  for (const { packages } of floors) {
    const own = Object.keys(packages)
    for (const name of own) {
      if (seen.has(name)) found.push(`${name} stands twice in tooling/layers/layers.json`)
      if (!folders.includes(name))
        found.push(`${name} is in tooling/layers/layers.json, but packages/${name} does not exist`)
    }
    for (const [name, may] of Object.entries(packages)) {
      for (const other of may) {
        if (other === '*' || seen.has(other) || own.includes(other)) continue
        found.push(`${name} may not import ${other}, which is on a floor above it or missing`)
      }
    }
    for (const name of own) seen.add(name)
  }
  for (const folder of folders) {
    if (!seen.has(folder)) found.push(`packages/${folder} is missing in tooling/layers/layers.json: give it a floor`)
  }
  return found
}
