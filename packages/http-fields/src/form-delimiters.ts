/**
 * Counts the parts of a multipart body by their delimiters. The library passes over a part without `content-disposition:
 * form-data` in silence; a form that lost a part is not the form that was sent.
 */
export class DelimiterCount {
  /** Delimiters so far but the closing one. */
  parts = 0
  readonly #delimiter: Buffer
  /** The delimiter and the two bytes behind it, which are `--` at the closing one. */
  readonly #window: number
  /** The end of what was seen, where a window may have begun. The body's first delimiter needs no line before it. */
  #tail: Buffer = Buffer.from('\r\n')
  #closed = false

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
    this.#window = this.#delimiter.length + 2
  }

  add(bytes: Uint8Array): void {
    if (this.#closed) return
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const rest = this.#window - 1
    this.#search(Buffer.concat([this.#tail, chunk.subarray(0, rest)]), this.#tail.length)
    this.#search(chunk, chunk.length)
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-rest)]).subarray(-rest)
  }

  /** Of the delimiters that begin before `end`, those whose window is whole. */
  #search(bytes: Buffer, end: number): void {
    let at = bytes.indexOf(this.#delimiter)
    while (!this.#closed && at !== -1 && at < end && at + this.#window <= bytes.length) {
      const behind = at + this.#delimiter.length
      if (bytes[behind] === DASH && bytes[behind + 1] === DASH) this.#closed = true
      else this.parts += 1
      at = bytes.indexOf(this.#delimiter, behind)
    }
  }
}

const DASH = 0x2d
