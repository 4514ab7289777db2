/**
 * What a folder answers to a path: the way from decoded segments to a {@link Resource}. Everything here is synchronous on
 * purpose (decisions/0001): finding and loading a small file takes 9 µs, the asynchronous form of the same calls 280 µs.
 */
import { closeSync, readdirSync, realpathSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contentType } from './content-type.ts'
import { FileBlocks } from './file-blocks.ts'
import { sameVersion, stat, versionOf, type FileVersion } from './file-version.ts'
import { openFile, readWhole, realPathUnder, type OpenFile } from './open-file.ts'
import { hasDotfile, type RequestPath } from './request-path.ts'
import { ResourceCache } from './resource-cache.ts'
import {
  isAnyFresh,
  represent,
  stillHolds,
  type Description,
  type Representation,
  type Resource,
  type Variant,
  type Witness,
} from './resource.ts'
import { RootNames } from './root-names.ts'
import type { Coding, Settings } from './settings.ts'
import { StaticFilesError } from './static-files-error.ts'

/** `redirect`: to the same path with a slash. `listing`: of the folder at this path. */
export type Located = Resource | 'redirect' | { readonly listing: string } | null

const SUFFIXES: Readonly<Record<Coding, string>> = { br: '.br', zstd: '.zst', gzip: '.gz' }
const ONE_YEAR = 'public, max-age=31536000, immutable'
// No path is called so.
const PAGE_KEY = 'single page application'
// Copying a tree does not write a file and its precompressed forms at the same instant.
const TOLERATED_AGE = 2_000_000_000n
// Of the memory, for one large file.
const MAX_SHARE = 0.25

export class Site {
  readonly #root: string
  readonly #settings: Settings
  readonly #cache: ResourceCache
  readonly #names: RootNames

  /** @throws StaticFilesError where the root is no folder that can be read */
  constructor(root: string | URL, settings: Settings) {
    this.#root = realFolder(root instanceof URL ? fileURLToPath(root) : root)
    this.#settings = settings
    this.#cache = new ResourceCache(settings.memoryTotal)
    this.#names = new RootNames(this.#root, settings.recheckAfter)
  }

  /** What is known by a key, after a look at the files if the last one is too long ago. */
  recall(key: string, now: number): Resource | undefined {
    const resource = this.#cache.get(key)
    if (resource === undefined) return undefined
    if (now - resource.checkedAt >= this.#settings.recheckAfter) {
      if (!stillHolds(resource)) {
        this.#cache.delete(key)
        return undefined
      }
      resource.checkedAt = now
    }
    resource.recalled = true
    return resource
  }

  forget(resource: Resource): void {
    this.#cache.delete(resource.key)
  }

  /** False: the root surely has nothing for a path that begins with this segment; `''` is the root itself. */
  mayExist(first: string, now: number): boolean {
    if (first !== '') return this.#names.mayHave(first, now)
    const { listing, index } = this.#settings
    return listing || index.some((name) => this.#names.mayHave(name.split('/', 1)[0] as string, now))
  }

  /** @throws the system's error where something is there and cannot be read */
  locate(path: RequestPath, now: number): Located {
    const { dotfiles, listing, index } = this.#settings
    if ((!dotfiles && hasDotfile(path)) || !this.mayExist(path.segments[0] ?? '', now)) return null
    const key = keyOf(path)
    const known = this.recall(key, now)
    if (known !== undefined) return known
    const place = join(this.#root, ...path.segments)
    const indexes = index.map((name) => join(place, name))
    if (!path.folder) {
      const resource = this.#makeResource(key, [place], now)
      if (resource !== null) return resource
      const shows = this.#isFolder(place) && (listing || indexes.some((file) => this.#file(file) !== null))
      return shows ? 'redirect' : null
    }
    const resource = this.#makeResource(key, indexes, now)
    return resource ?? (listing && this.#isFolder(place) ? { listing: place } : null)
  }

  /** The page of a single page application. */
  page(now: number): Resource | null {
    const { spa } = this.#settings
    if (spa === null) return null
    return this.recall(PAGE_KEY, now) ?? this.#makeResource(PAGE_KEY, [join(this.#root, spa)], now, ['accept'])
  }

  /** The names in a folder, those of folders with a slash, without what would not be served. */
  list(folder: string): string[] {
    const { dotfiles } = this.#settings
    const names: string[] = []
    for (const name of readdirSync(folder)) {
      if (!dotfiles && name.startsWith('.')) continue
      const path = join(folder, name)
      if (this.#file(path) !== null) names.push(name)
      else if (this.#isFolder(path)) names.push(`${name}/`)
    }
    return names
  }

  /**
   * A variant as it is sent, read into memory if it is small.
   *
   * @returns `null` when the file is no longer what it was: locate the resource again
   */
  represent(resource: Resource, variant: Variant): Representation | null {
    if (variant.representation !== null) return variant.representation
    const file = this.open(variant)
    if (file === null) return null
    const size = Number(file.version.size)
    let bytes: Uint8Array<ArrayBuffer> | null = null
    try {
      if (size <= this.#settings.memoryPerFile) bytes = readWhole(file.fd, size)
    } finally {
      closeSync(file.fd)
    }
    if (bytes !== null && bytes.length < size) return null
    variant.representation = represent(variant, bytes, resource.description)
    if (bytes !== null) this.#cache.grew(resource, size)
    return variant.representation
  }

  /**
   * What is kept of a large file. One that was asked for once is not kept, so that nobody throws out what is in use by
   * asking for every file there is.
   */
  blocks(resource: Resource, variant: Variant): FileBlocks | null {
    const { memoryTotal } = this.#settings
    if (!resource.recalled || Number(variant.version.size) > memoryTotal * MAX_SHARE) return null
    variant.blocks ??= new FileBlocks((bytes) => this.#cache.grew(resource, bytes))
    return variant.blocks
  }

  /** The file of a variant, to be closed by the caller; `null` when it is no longer what it was. */
  open({ path, version }: Variant): OpenFile | null {
    const file = openFile(path, this.#settings.followLinks ? null : this.#root)
    if (file === null || sameVersion(file.version, version)) return file
    closeSync(file.fd)
    return null
  }

  /** Of the first of these paths that is a file, with what is beside it. */
  #makeResource(
    key: string,
    candidates: readonly string[],
    now: number,
    vary: readonly string[] = [],
  ): Resource | null {
    const witnesses: Witness[] = []
    for (const path of candidates) {
      const original = this.#witness(path, witnesses)
      if (original === null) continue
      const variants: [Variant, ...Variant[]] = [
        { path, coding: null, version: original, representation: null, blocks: null },
      ]
      for (const coding of this.#settings.codings) {
        const beside = path + SUFFIXES[coding]
        const version = this.#witness(beside, witnesses)
        // An old one is of an old state of the file.
        if (version !== null && version.mtimeNs + TOLERATED_AGE >= original.mtimeNs) {
          variants.push({ path: beside, coding, version, representation: null, blocks: null })
        }
      }
      const description = this.#describe(path, variants.length > 1 ? [...vary, 'accept-encoding'] : vary)
      const fresh = isAnyFresh(witnesses)
      const resource = { key, description, variants, witnesses, checkedAt: now, fresh, recalled: false }
      this.#cache.set(resource)
      return resource
    }
    return null
  }

  #witness(path: string, witnesses: Witness[]): FileVersion | null {
    const version = this.#file(path)
    witnesses.push({ path, version })
    return version
  }

  #describe(path: string, vary: readonly string[]): Description {
    const { immutable, cacheControl, types, maxRanges } = this.#settings
    const name = relative(this.#root, path).replaceAll(sep, '/')
    return {
      contentType: contentType(basename(path), types),
      cacheControl: immutable?.test(name) === true ? ONE_YEAR : cacheControl,
      vary: vary.length === 0 ? null : vary.join(', '),
      acceptRanges: maxRanges > 0 ? 'bytes' : 'none',
    }
  }

  /** The version of a regular file that may be served; opening it proves once more that it may. */
  #file(path: string): FileVersion | null {
    const stats = stat(path)
    return stats?.isFile() === true && this.#isWithin(path) ? versionOf(stats) : null
  }

  #isFolder(path: string): boolean {
    return stat(path)?.isDirectory() === true && this.#isWithin(path)
  }

  #isWithin(path: string): boolean {
    return this.#settings.followLinks || realPathUnder(this.#root, path) !== null
  }
}

const keyOf = ({ segments, folder }: RequestPath): string =>
  segments.map((segment) => `/${segment}`).join('') + (folder ? '/' : '')

function realFolder(root: string): string {
  let stats
  try {
    stats = stat(root)
    if (stats?.isDirectory() === true) {
      readdirSync(root)
      return realpathSync.native(root)
    }
  } catch (error) {
    throw new StaticFilesError(`static files: the folder ${root} cannot be read; give it the right to be`, error)
  }
  const found = stats === undefined ? 'there is nothing' : 'that is a file'
  throw new StaticFilesError(
    `static files: expected a folder at ${resolve(root)}, but ${found}; make it or name another`,
  )
}
