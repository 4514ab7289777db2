/** Bytes that arrive in pieces, until there are enough of them. */
import type { Bytes } from './input.ts'

/** An array of its own costs a few hundred bytes. A piece of this size is kept as it is; smaller ones are copied together. */
const LARGE = 4096
const LARGEST_BLOCK = 64 * 1024

/**
 * Needs about as much memory as it has bytes, however small the pieces are: a client that sends a megabyte byte by byte must
 * not cost hundreds of them.
 */
export class GatheredBytes {
  /** How many there are. */
  length = 0
  #blocks: Uint8Array[] = []
  /** Where small pieces go, and how much of it is used. */
  #open: Bytes | null = null
  #used = 0

  /** The bytes are given away. */
  add(bytes: Uint8Array): void {
    const { length } = bytes
    if (length === 0) return
    const isFirst = this.length === 0
    this.length += length
    // The first is mostly the only one.
    if (isFirst || length >= LARGE) {
      this.#close()
      this.#blocks.push(bytes)
      return
    }
    if (this.#open === null || this.#used + length > this.#open.length) {
      this.#close()
      this.#open = new Uint8Array(Math.min(LARGEST_BLOCK, Math.max(256, length, this.length)))
    }
    this.#open.set(bytes, this.#used)
    this.#used += length
  }

  /** All of them, in memory of their own; there are none afterwards. */
  take(): Bytes {
    this.#close()
    const [only] = this.#blocks
    const whole = only?.length === this.length && ownsMemory(only) ? only : this.#joined()
    this.#blocks = []
    this.length = 0
    return whole
  }

  #joined(): Bytes {
    const whole = new Uint8Array(this.length)
    let at = 0
    for (const block of this.#blocks) {
      whole.set(block, at)
      at += block.length
    }
    return whole
  }

  #close(): void {
    if (this.#open === null) return
    this.#blocks.push(this.#open.subarray(0, this.#used))
    this.#open = null
    this.#used = 0
  }
}

/** No other view has part of its memory, as far as can be seen: the caller may look at their buffer. */
const ownsMemory = (bytes: Uint8Array): bytes is Bytes =>
  bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length
