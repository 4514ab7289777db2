import { statSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../usage-error.ts'

/** Editors save several files at once, and one file in several steps. In milliseconds. */
const SETTLING = 50

/**
 * A set of files that tells when one of them changes. Folders are watched rather than files, because editors replace a file
 * instead of writing into it; whatever else happens in those folders is nobody's business.
 */
export class WatchedFiles {
  /** By folder: the names in it, and the state in which each was last seen. */
  readonly #folders = new Map<string, Map<string, string>>()
  /** The change that nobody has been told of yet. */
  #news: string | undefined
  #settling: NodeJS.Timeout | undefined
  #tell: ((path: string) => void) | undefined

  get empty(): boolean {
    return this.#folders.size === 0
  }

  /** @param path absolute */
  add(path: string): void {
    const folder = dirname(path)
    const name = basename(path)
    const states = this.#folders.get(folder) ?? this.#watch(folder)
    if (!states.has(name)) states.set(name, stateOf(path))
  }

  /**
   * A file, or a folder with all that is in it.
   *
   * @param path absolute
   * @throws UsageError where there is neither
   */
  addAny(path: string): void {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) throw new UsageError([`--watch-path ${path}: there is no such file or folder.`])
    if (!found.isDirectory()) return this.add(path)
    this.#folders.set(path, this.#folders.get(path) ?? new Map())
    watch(path, { recursive: true }, (_event, name) => this.#note(join(path, name ?? ''))).on('error', () => {})
  }

  /** The next file that changes, or one that did since the last call. */
  changed(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>()
    this.#tell = resolve
    if (this.#settling === undefined) this.#deliver()
    return promise
  }

  #watch(folder: string): Map<string, string> {
    const states = new Map<string, string>()
    this.#folders.set(folder, states)
    try {
      // Of a folder that is removed there is nothing more to tell.
      watch(folder, () => this.#look(folder, states)).on('error', () => {})
    } catch {
      // The same, before it began.
    }
    return states
  }

  #look(folder: string, states: Map<string, string>): void {
    for (const [name, before] of states) {
      const path = join(folder, name)
      const now = stateOf(path)
      // A file that is being replaced is missing for a moment.
      if (now === before || now === MISSING) continue
      states.set(name, now)
      this.#note(path)
    }
  }

  #note(path: string): void {
    this.#news ??= path
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#deliver(), SETTLING)
  }

  #deliver(): void {
    this.#settling = undefined
    if (this.#news === undefined || this.#tell === undefined) return
    this.#tell(this.#news)
    this.#news = undefined
    this.#tell = undefined
  }
}

const MISSING = 'missing'

function stateOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found === undefined ? MISSING : `${found.ino} ${found.size} ${found.mtimeNs}`
}
