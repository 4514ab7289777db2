import type { Chunk, SyncBody } from '@tsgi/spec'

/** A file as Python knows it: `read` gives up to `size` bytes now, and nothing at the end. */
export interface FileLike {
  read(size: number): Chunk
  close?(): void
}

const BLOCK_SIZE = 8192

/** `environ['wsgi.file_wrapper']`: a file as an iterable of blocks, closed with the response. */
export class FileWrapper implements SyncBody {
  readonly #file: FileLike
  readonly #blockSize: number

  constructor(file: FileLike, blockSize: number = BLOCK_SIZE) {
    this.#file = file
    this.#blockSize = blockSize
  }

  *[Symbol.iterator](): Generator<Chunk> {
    for (;;) {
      const block = this.#file.read(this.#blockSize)
      if (block.length === 0) return
      yield block
    }
  }

  close(): void {
    this.#file.close?.()
  }
}

export const fileWrapper = (file: FileLike, blockSize?: number): FileWrapper => new FileWrapper(file, blockSize)
