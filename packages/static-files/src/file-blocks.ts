/** Bytes read, sent and kept at a time (bench/README.md). */
export const BLOCK_SIZE: number = 256 * 1024

/**
 * Blocks of one large file that are kept in memory, shared by everybody who is being sent it. A body takes them one by one, so
 * that what slow clients hold is a block each, and what the cache let go of is free at once: the body reads on from the file.
 */
export class FileBlocks {
  readonly #blocks = new Map<number, Uint8Array>()
  readonly #grew: (bytes: number) => boolean
  #released = false

  /** @param grew is told of more memory taken; false when there is none for it */
  constructor(grew: (bytes: number) => boolean) {
    this.#grew = grew
  }

  get(index: number): Uint8Array | undefined {
    return this.#blocks.get(index)
  }

  keep(index: number, bytes: Uint8Array): void {
    if (this.#released || this.#blocks.has(index)) return
    // Making room may release this very file.
    if (this.#grew(bytes.length) && !this.#released) this.#blocks.set(index, bytes)
  }

  release(): void {
    this.#released = true
    this.#blocks.clear()
  }
}
