import type { Resource } from './resource.ts'

interface Entry {
  readonly resource: Resource
  bytes: number
  /** Asked for since the last time it was to be thrown out. */
  used: boolean
}

// An entry's own share: header lists, stats, paths. Keeps a million empty files from filling the memory.
const ENTRY_COST = 2048

/**
 * Resources by path, bounded by the bytes that their contents take. What goes first is what came first and was not asked for
 * since (second chance): a hit then costs a flag, where least-recently-used order costs two changes of the map.
 */
export class ResourceCache {
  readonly #entries = new Map<string, Entry>()
  readonly #limit: number
  #bytes = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string): Resource | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    entry.used = true
    return entry.resource
  }

  set(resource: Resource): void {
    const { key } = resource
    this.delete(key)
    this.#entries.set(key, { resource, bytes: ENTRY_COST, used: false })
    this.#bytes += ENTRY_COST
    this.#shrink()
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
    for (const { blocks } of entry.resource.variants) blocks?.release()
  }

  /** The resource takes this much more memory; false when it is not kept, or no longer. */
  grew(resource: Resource, bytes: number): boolean {
    const entry = this.#entries.get(resource.key)
    if (entry === undefined || entry.resource !== resource) return false
    entry.bytes += bytes
    this.#bytes += bytes
    // One that can never stay is not worth throwing out the others for.
    if (entry.bytes > this.#limit) this.delete(resource.key)
    this.#shrink()
    return this.#entries.has(resource.key)
  }

  #shrink(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#bytes <= this.#limit) return
      if (entry.used) {
        entry.used = false
        this.#entries.delete(key)
        this.#entries.set(key, entry)
      } else {
        this.delete(key)
      }
    }
  }
}
