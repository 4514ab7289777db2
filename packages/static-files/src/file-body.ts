import { closeSync, fstatSync, read } from 'node:fs'
import type { ByteRange } from '@tsgi/http-fields'
import type { AsyncBody, Chunk } from '@tsgi/spec'
import { BLOCK_SIZE, type FileBlocks } from './file-blocks.ts'
import { sameVersion, versionOf } from './file-version.ts'
import type { OpenFile } from './open-file.ts'

/** Text of our own, or a part of the file. */
export type FilePart = string | ByteRange

/**
 * Parts of an open file, read as the client takes them, each chunk in memory of its own since the server may still be sending
 * one when it asks for the next. Owns the descriptor and closes it once: at the end, on a fault, or when it is closed.
 */
export class FileBody implements AsyncBody, AsyncIterator<Chunk, undefined> {
  readonly #file: OpenFile
  readonly #parts: Iterator<FilePart>
  readonly #blocks: FileBlocks | null
  #position = 0
  /** Of the current range, exclusive. */
  #end = 0
  #reading = false
  #closed = false

  /** @param blocks of the same version of the file; `null` where none are to be kept */
  constructor(file: OpenFile, parts: readonly FilePart[], blocks: FileBlocks | null) {
    this.#file = file
    this.#parts = parts.values()
    this.#blocks = blocks
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Chunk, undefined>> {
    if (this.#closed) return DONE
    if (this.#position === this.#end) {
      const part = this.#parts.next()
      if (part.done === true) {
        this.close()
        return DONE
      }
      if (typeof part.value === 'string') return { done: false, value: part.value }
      this.#position = part.value.first
      this.#end = part.value.last + 1
    }
    const index = Math.floor(this.#position / BLOCK_SIZE)
    const start = index * BLOCK_SIZE
    const end = Math.min(start + BLOCK_SIZE, this.#end)
    const known = this.#blocks?.get(index)?.subarray(this.#position - start, end - start)
    if (known === undefined) return { done: false, value: await this.#read(index, end - this.#position) }
    this.#position = end
    return { done: false, value: known }
  }

  return(): Promise<IteratorResult<Chunk, undefined>> {
    this.close()
    return Promise.resolve(DONE)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    // The descriptor's number may be another file's as soon as it is closed: a read under way ends first.
    if (!this.#reading) closeSync(this.#file.fd)
  }

  #read(index: number, length: number): Promise<Uint8Array> {
    const { fd } = this.#file
    const buffer = Buffer.allocUnsafeSlow(length)
    this.#reading = true
    return new Promise((resolve, reject) => {
      read(fd, buffer, 0, length, this.#position, (error, count) => {
        this.#reading = false
        if (this.#closed) closeSync(fd)
        if (error !== null) {
          this.close()
          reject(error)
        } else if (count === 0) {
          this.close()
          const missing = this.#end - this.#position
          reject(new Error(`static files: the file became shorter while it was sent; ${missing} bytes are missing`))
        } else {
          if (count === length && !this.#closed) this.#keep(index, buffer)
          this.#position += count
          resolve(count === length ? buffer : buffer.subarray(0, count))
        }
      })
    })
  }

  /** Only whole blocks, and only of a file that is still what it was when it was opened. */
  #keep(index: number, bytes: Uint8Array): void {
    if (this.#blocks === null || this.#position !== index * BLOCK_SIZE) return
    const { fd, version } = this.#file
    const isWhole = bytes.length === BLOCK_SIZE || BigInt(this.#position + bytes.length) === version.size
    if (isWhole && sameVersion(versionOf(fstatSync(fd, { bigint: true })), version)) this.#blocks.keep(index, bytes)
  }
}

const DONE = { done: true, value: undefined } as const
