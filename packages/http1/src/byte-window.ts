/**
 * The bytes that were received and not yet consumed. What arrives is borrowed: the receiver may use its buffer again after
 * {@link ByteWindow.own}, which copies the rest, usually nothing.
 */
const NOTHING = Buffer.alloc(0)
/** Text is decoded in windows of this size, so that a head in front of a large body does not decode the body too. */
const TEXT_WINDOW = 16 * 1024

/** The text that was decoded last. One for all windows: each is read to its end, or copied, before another receives. */
let decodedOf: ByteWindow | null = null
let decodedText = ''
let decodedStart = 0
let decodedEnd = 0

export class ByteWindow {
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
    } else {
      this.#grow(bytes.subarray(0, length))
    }
    forget(this)
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
    forget(this)
  }

  /** The bytes from `start` to `end` as a string of one character per byte. */
  text(start: number, end: number): string {
    if (decodedOf !== this || start < decodedStart || end > decodedEnd) decode(this, start, end)
    return decodedText.slice(start - decodedStart, end - decodedStart)
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

/** What was decoded is of other bytes than the window has now. */
function forget(window: ByteWindow): void {
  if (decodedOf !== window) return
  decodedOf = null
  decodedText = ''
}

function decode(window: ByteWindow, start: number, end: number): void {
  decodedOf = window
  decodedStart = start
  decodedEnd = Math.max(end, Math.min(window.end, start + TEXT_WINDOW))
  decodedText = window.bytes.toString('latin1', start, decodedEnd)
}
