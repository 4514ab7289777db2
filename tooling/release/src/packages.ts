import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What is read of a package.json. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly homepage?: string
  readonly bugs?: string | { readonly url: string }
  readonly repository?: string | { readonly type: string; readonly url: string; readonly directory?: string }
  readonly license?: string
  readonly files?: readonly string[]
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: Readonly<Record<string, string>>
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** A package that is published. */
export interface Package {
  /** From the root of the repository, such as `packages/spec`. */
  readonly directory: string
  readonly folder: string
  readonly manifest: Manifest
}

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** The packages that are published: those below `packages/` that are not private. */
export const publishedPackages = (root: string = ROOT): readonly Package[] =>
  readdirSync(join(root, 'packages'))
    .sort()
    .map((name) => ({ directory: `packages/${name}`, folder: join(root, 'packages', name) }))
    .filter(({ folder }) => existsSync(join(folder, 'package.json')))
    .map((place) => ({ ...place, manifest: readManifest(place.folder) }))
    .filter(({ manifest }) => manifest.private !== true)
