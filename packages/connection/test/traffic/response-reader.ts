/** Reads responses as they come, however they are cut, and says at once what is wrong with them. */

export interface ReadResponse {
  readonly status: number
  readonly fields: ReadonlyMap<string, string>
  readonly body: Buffer
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LINE_END = Buffer.from('\r\n')

export class ResponseReader {
  /** Final responses, complete ones only. */
  readonly responses: ReadResponse[] = []
  /** Interim responses (1xx) so far. */
  interim = 0
  readonly #methods: readonly string[]
  #bytes: Buffer = Buffer.alloc(0)
  #ended = false

  /** @param methods of the requests, in their order: HEAD is answered without a body */
  constructor(methods: readonly string[]) {
    this.#methods = methods
  }

  /** Bytes that belong to no complete response. */
  get rest(): string {
    return this.#bytes.toString('latin1')
  }

  receive(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    this.#readAll()
  }

  /** The server ended the connection: a body that is delimited by that is complete. */
  end(): void {
    this.#ended = true
    this.#readAll()
  }

  #readAll(): void {
    for (;;) {
      const end = this.#bytes.indexOf(HEAD_END)
      if (end < 0) return
      const [statusLine = '', ...lines] = this.#bytes.toString('latin1', 0, end).split('\r\n')
      const status = Number(/^HTTP\/1\.1 (\d{3}) [ -~]*$/.exec(statusLine)?.[1])
      if (Number.isNaN(status)) throw new Error(`no status line: ${JSON.stringify(statusLine)}`)
      const start = end + HEAD_END.length
      if (status < 200) {
        this.interim++
        this.#bytes = this.#bytes.subarray(start)
        continue
      }
      const fields = new Map(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]))
      const read = this.#readBody(status, fields, start)
      if (read === null) return
      this.responses.push({ status, fields, body: read.body })
      this.#bytes = this.#bytes.subarray(read.end)
    }
  }

  #readBody(
    status: number,
    fields: ReadonlyMap<string, string>,
    start: number,
  ): { readonly body: Buffer; readonly end: number } | null {
    const bytes = this.#bytes
    const none = this.#methods[this.responses.length] === 'HEAD' || status === 204 || status === 304
    if (none) return { body: Buffer.alloc(0), end: start }
    const length = fields.get('content-length')
    if (length !== undefined) {
      const end = start + Number(length)
      return bytes.length < end ? null : { body: bytes.subarray(start, end), end }
    }
    if (fields.get('transfer-encoding') === 'chunked') return this.#readChunks(start)
    return this.#ended ? { body: bytes.subarray(start), end: bytes.length } : null
  }

  #readChunks(start: number): { readonly body: Buffer; readonly end: number } | null {
    const bytes = this.#bytes
    const chunks: Buffer[] = []
    for (let at = start; ;) {
      const lineEnd = bytes.indexOf(LINE_END, at)
      if (lineEnd < 0) return null
      const line = bytes.toString('latin1', at, lineEnd)
      if (!/^[0-9a-f]+$/.test(line)) throw new Error(`no chunk size: ${JSON.stringify(line)}`)
      const size = Number.parseInt(line, 16)
      const end = lineEnd + 2 + size
      if (bytes.length < end + 2) return null
      if (bytes.toString('latin1', end, end + 2) !== '\r\n') throw new Error('a chunk does not end where it says')
      if (size === 0) return { body: Buffer.concat(chunks), end: end + 2 }
      chunks.push(bytes.subarray(lineEnd + 2, end))
      at = end + 2
    }
  }
}
