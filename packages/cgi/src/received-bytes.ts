/**
 * Bytes that were received and not yet consumed. What arrives is borrowed: the receiver may use its memory again after
 * {@link ReceivedBytes.own}, which copies the rest, usually nothing.
 */
const NOTHING = Buffer.alloc(0)

export class ReceivedBytes {
  bytes: Buffer = NOTHING
  position = 0
  end = 0
  #borrowed = false

  get length(): number {
    return this.end - this.position
  }

  append(bytes: Buffer, length: number): void {
    if (this.position === this.end) {
      this.bytes = bytes
      this.position = 0
      this.end = length
      this.#borrowed = true
      return
    }
    const kept = this.length
    if (!this.#borrowed && this.end + length <= this.bytes.length) {
      this.end += bytes.copy(this.bytes, this.end, 0, length)
      return
    }
    // Doubled, so that what arrives byte by byte is not copied for each of them.
    const grown = Buffer.allocUnsafeSlow(Math.max(256, (kept + length) * 2))
    this.bytes.copy(grown, 0, this.position, this.end)
    bytes.copy(grown, kept, 0, length)
    this.bytes = grown
    this.position = 0
    this.end = kept + length
    this.#borrowed = false
  }

  /** Copies what is left, so that the memory that was received into is free for others. */
  own(): void {
    if (this.position === this.end) {
      this.bytes = NOTHING
      this.position = this.end = 0
    } else if (this.#borrowed) {
      this.bytes = Buffer.from(this.bytes.subarray(this.position, this.end))
      this.end -= this.position
      this.position = 0
    }
    this.#borrowed = false
  }

  /** Consumes up to `most` bytes and lends them until the next call. */
  take(most: number): Buffer {
    const start = this.position
    this.position = Math.min(this.end, start + most)
    return this.bytes.subarray(start, this.position)
  }
}
