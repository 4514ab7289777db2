import { closeSync, read } from 'node:fs'
import type { AsyncBody, Chunk } from '@tsgi/spec'
import type { ByteRange } from '@tsgi/http-fields'

/** Text of our own, or a part of the file. */
export type FilePart = string | ByteRange

/** Bytes read at a time, see bench/README.md. */
export const READ_SIZE: number = 256 * 1024

/**
 * Parts of an open file, read as the client takes them, each chunk in memory of its own since the server may still be sending
 * one when it asks for the next. Owns the descriptor and closes it once: at the end, on a fault, or when it is closed.
 */
export class FileBody implements AsyncBody, AsyncIterator<Chunk, undefined> {
  readonly #fd: number
  readonly #parts: Iterator<FilePart>
  #position = 0
  /** Of the current range, exclusive. */
  #end = 0
  #reading = false
  #closed = false

  constructor(fd: number, parts: readonly FilePart[]) {
    this.#fd = fd
    this.#parts = parts.values()
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
    return { done: false, value: await this.#read() }
  }

  return(): Promise<IteratorResult<Chunk, undefined>> {
    this.close()
    return Promise.resolve(DONE)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    // The descriptor's number may be another file's as soon as it is closed: a read under way ends first.
    if (!this.#reading) closeSync(this.#fd)
  }

  #read(): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafeSlow(Math.min(READ_SIZE, this.#end - this.#position))
    this.#reading = true
    return new Promise((resolve, reject) => {
      read(this.#fd, buffer, 0, buffer.length, this.#position, (error, length) => {
        this.#reading = false
        if (this.#closed) closeSync(this.#fd)
        if (error !== null) {
          this.close()
          reject(error)
        } else if (length === 0) {
          this.close()
          const missing = this.#end - this.#position
          reject(new Error(`static files: the file became shorter while it was sent; ${missing} bytes are missing`))
        } else {
          this.#position += length
          resolve(length === buffer.length ? buffer : buffer.subarray(0, length))
        }
      })
    })
  }
}

const DONE = { done: true, value: undefined } as const
