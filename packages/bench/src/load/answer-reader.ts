/**
 * Reads answers off a connection: status, framing, body. It trusts the servers that are measured to be HTTP/1.1 and refuses
 * what it does not understand; the conformance kit is who looks at details.
 */
import type { Answer } from '../workloads/workload.ts'

export class AnswerError extends Error {}

const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')
const NOTHING = Buffer.alloc(0)

export class AnswerReader {
  readonly #tell: (answer: Answer) => void
  #rest: Buffer = NOTHING
  /** Of the answer that is being read; `null` between answers. */
  #head: { status: number; text: string } | null = null
  #body: Buffer[] = []
  /** Bytes still to come of a declared length or of a chunk, its line end included. */
  #missing = 0
  #framing: 'length' | 'chunked' | 'close' = 'length'
  #lastChunk = false

  /** @param tell called for each answer, in order */
  constructor(tell: (answer: Answer) => void) {
    this.#tell = tell
  }

  /** @throws AnswerError for what is no HTTP/1.1 answer */
  push(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (this.#advance());
    // What is kept must outlive the caller's buffer.
    if (this.#rest.length > 0) this.#rest = Buffer.from(this.#rest)
  }

  /** The connection ended. @returns whether that was between answers, or the end of one that ends so */
  end(): boolean {
    if (this.#head !== null && this.#framing === 'close') this.#finish()
    return this.#head === null && this.#rest.length === 0
  }

  #advance(): boolean {
    if (this.#head === null) return this.#readHead()
    if (this.#framing === 'chunked') return this.#readChunks()
    return this.#readBytes()
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(HEAD_END)
    if (end === -1) return false
    const text = this.#rest.toString('latin1', 0, end)
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |\r|$)/.exec(text)?.[1])
    if (Number.isNaN(status)) throw new AnswerError(`expected a status line; came ${JSON.stringify(text.slice(0, 60))}`)
    this.#rest = this.#rest.subarray(end + HEAD_END.length)
    // 1xx answers come before the one that counts (9110 §15.2).
    if (status < 200) return true
    this.#head = { status, text }
    this.#body = []
    const length = /^content-length:[ \t]*(\d+)[ \t]*$/im.exec(text)?.[1]
    if (/^transfer-encoding:[ \t]*chunked[ \t]*$/im.test(text)) {
      this.#framing = 'chunked'
      this.#missing = 0
      this.#lastChunk = false
      return true
    }
    const bodiless = status === 204 || status === 304
    this.#framing = bodiless || length !== undefined ? 'length' : 'close'
    this.#missing = bodiless ? 0 : length === undefined ? Number.POSITIVE_INFINITY : Number(length)
    if (this.#missing === 0) this.#finish()
    return true
  }

  #readBytes(): boolean {
    if (this.#rest.length === 0) return false
    const part = this.#rest.subarray(0, Math.min(this.#missing, this.#rest.length))
    this.#body.push(Buffer.from(part))
    this.#rest = this.#rest.subarray(part.length)
    this.#missing -= part.length
    if (this.#missing === 0) this.#finish()
    return true
  }

  #readChunks(): boolean {
    if (this.#missing > 0) {
      // The line end after the bytes of a chunk belongs to it.
      const take = Math.min(this.#missing, this.#rest.length)
      if (take === 0) return false
      const bytes = Math.min(take, Math.max(0, this.#missing - LINE_END.length))
      if (bytes > 0) this.#body.push(Buffer.from(this.#rest.subarray(0, bytes)))
      this.#rest = this.#rest.subarray(take)
      this.#missing -= take
      return true
    }
    const end = this.#rest.indexOf(LINE_END)
    if (end === -1) return false
    const line = this.#rest.toString('latin1', 0, end)
    this.#rest = this.#rest.subarray(end + LINE_END.length)
    if (this.#lastChunk) {
      // Trailers, up to the empty line.
      if (line === '') this.#finish()
      return true
    }
    const size = /^([0-9a-f]+)(?:;.*)?$/i.exec(line)?.[1]
    if (size === undefined)
      throw new AnswerError(`expected the size of a chunk; came ${JSON.stringify(line.slice(0, 60))}`)
    const length = Number.parseInt(size, 16)
    this.#lastChunk = length === 0
    this.#missing = length === 0 ? 0 : length + LINE_END.length
    return true
  }

  #finish(): void {
    const head = this.#head
    if (head === null) return
    this.#head = null
    const [only] = this.#body
    const body = this.#body.length === 1 && only !== undefined ? only : Buffer.concat(this.#body)
    this.#body = []
    this.#tell({ status: head.status, head: head.text, body })
  }
}
