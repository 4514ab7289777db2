/**
 * The bytes that were received and not yet consumed. What arrives is borrowed: the receiver may use its buffer again after
 * {@link ByteWindow.own}, which copies the rest, usually nothing.
 */
const NOTHING = Buffer.alloc(0)
/** Text is decoded in windows of this size, so that a head in front of a large body does not decode the body too. */
const TEXT_WINDOW = 16 * 1024

export class ByteWindow {
  bytes: Buffer = NOTHING
  position = 0
  end = 0
  #borrowed = false
  #text = ''
  #textStart = 0
  #textEnd = 0

  get length(): number {
    return this.end - this.position
  }

  append(bytes: Buffer, length: number): void {
    if (this.position === this.end) {
      this.bytes = bytes
      this.position = 0
      this.end = length
      this.#borrowed = true
    } else {
      this.#grow(bytes.subarray(0, length))
    }
    this.#textEnd = 0
  }

  /** Copies what is left, so that the memory that was received into is free for others. */
  own(): void {
    if (this.position === this.end) {
      this.bytes = NOTHING
      this.position = this.end = 0
    } else if (!this.#borrowed) {
      return
    } else {
      this.bytes = Buffer.from(this.bytes.subarray(this.position, this.end))
      this.end -= this.position
      this.position = 0
    }
    this.#borrowed = false
    this.#text = ''
    this.#textEnd = 0
  }

  /** The bytes from `start` to `end` as a string of one character per byte. */
  text(start: number, end: number): string {
    if (start < this.#textStart || end > this.#textEnd) {
      this.#textStart = start
      this.#textEnd = Math.max(end, Math.min(this.end, start + TEXT_WINDOW))
      this.#text = this.bytes.toString('latin1', start, this.#textEnd)
    }
    return this.#text.slice(start - this.#textStart, end - this.#textStart)
  }

  #grow(bytes: Buffer): void {
    const length = this.end - this.position
    const needed = length + bytes.length
    if (!this.#borrowed && this.end + bytes.length <= this.bytes.length) {
      this.end += bytes.copy(this.bytes, this.end)
      return
    }
    // Doubled, so that a head which arrives byte by byte is not copied for each of them.
    const grown = Buffer.allocUnsafeSlow(Math.max(256, needed * 2))
    this.bytes.copy(grown, 0, this.position, this.end)
    bytes.copy(grown, length)
    this.bytes = grown
    this.position = 0
    this.end = needed
    this.#borrowed = false
  }
}
