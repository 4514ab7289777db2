import { readdirSync } from 'node:fs'
import { isFresh, sameVersion, stat, versionOf, type FileVersion } from './file-version.ts'

// Beyond this, asking the file system for each name is cheaper than reading the folder again after each change.
const MAX_NAMES = 10_000

/**
 * The names in the root folder. With an application behind the files, nearly every request is for it, and its first segment
 * is no name in the root: such a request costs a look into a set here, not a system call.
 */
export class RootNames {
  readonly #root: string
  readonly #recheckAfter: number
  /** `null`: too many to keep. */
  #names: ReadonlySet<string> | null = null
  #version: FileVersion | null = null
  #checkedAt = -Infinity

  constructor(root: string, recheckAfter: number) {
    this.#root = root
    this.#recheckAfter = recheckAfter
  }

  /** False: there is surely no such name. */
  mayHave(name: string, now: number): boolean {
    if (now - this.#checkedAt >= this.#recheckAfter) this.#check(now)
    return this.#names === null || this.#names.has(folded(name))
  }

  #check(now: number): void {
    this.#checkedAt = now
    const stats = stat(this.#root)
    const version = stats === undefined ? null : versionOf(stats)
    const before = this.#version
    if (version !== null && before !== null && sameVersion(version, before)) return
    const names = version === null ? [] : readdirSync(this.#root)
    this.#names = names.length > MAX_NAMES ? null : new Set(names.map(folded))
    this.#version = version === null || isFresh(version) ? null : version
  }
}

/** Some file systems know one name in several spellings; a name too many in the set only costs a system call. */
function folded(name: string): string {
  const lower = name.toLowerCase()
  return BEYOND_ASCII.test(lower) ? lower.normalize('NFC') : lower
}

const BEYOND_ASCII = /[^\x20-\x7e]/
