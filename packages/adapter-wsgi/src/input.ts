import type { RequestBody } from './request-body.ts'

const NEWLINE = 0x0a
const LINE_WINDOW = 8192

/** `environ['wsgi.input']`: a binary file as Python has it. Nothing waits; the body was received before the call. */
export class WsgiInput {
  readonly #body: RequestBody
  #position = 0

  constructor(body: RequestBody) {
    this.#body = body
  }

  /** Exactly `size` bytes, fewer only at the end; all that is left without a size or with a negative one. */
  read(size: number = -1): Buffer {
    const bytes = this.#body.read(this.#position, this.#span(size))
    this.#position += bytes.length
    return bytes
  }

  /** Up to and with the next newline, `size` bytes at the most; empty at the end. */
  readline(size: number = -1): Buffer {
    const most = this.#span(size)
    const parts: Buffer[] = []
    for (let length = 0; length < most;) {
      const window = this.#body.read(this.#position, Math.min(LINE_WINDOW, most - length))
      const newline = window.indexOf(NEWLINE)
      const part = newline < 0 ? window : window.subarray(0, newline + 1)
      parts.push(part)
      length += part.length
      this.#position += part.length
      if (newline >= 0) break
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
  }

  /** The lines that are left; with a `hint` above 0, no more once they have that many bytes together. */
  readlines(hint: number = -1): Buffer[] {
    const lines: Buffer[] = []
    let length = 0
    for (const line of this) {
      lines.push(line)
      length += line.length
      if (hint > 0 && length >= hint) break
    }
    return lines
  }

  /** Line by line. Leaving early leaves the rest. */
  *[Symbol.iterator](): Generator<Buffer> {
    for (let line = this.readline(); line.length > 0; line = this.readline()) yield line
  }

  #span(size: number): number {
    if (!Number.isInteger(size)) throw new TypeError(`a size is a whole number, -1 for all; came ${String(size)}`)
    const left = this.#body.length - this.#position
    return size < 0 ? left : Math.min(size, left)
  }
}
