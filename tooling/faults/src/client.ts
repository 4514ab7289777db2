/** An HTTP client that sees everything: each byte, each close, and when. It repairs and repeats nothing. */
import net from 'node:net'
import type { Address } from '@tsgi/spec/server'

export function targetOf(address: Address): net.NetConnectOpts {
  return address.family === 'unix' ? { path: address.path } : { host: address.host, port: address.port }
}

export interface Response {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export class Client {
  readonly socket: net.Socket
  readonly connected: Promise<void>
  /** Resolves when the server sends no more: it has closed its direction, or the connection is broken. */
  readonly over: Promise<void>
  received = ''
  size = 0
  /** The server closed its direction, in order. */
  ended = false
  isClosed = false
  error: NodeJS.ErrnoException | null = null
  /** Off for large answers: only their size is kept. */
  keep = true
  #changed: PromiseWithResolvers<void> = Promise.withResolvers()

  constructor(target: net.NetConnectOpts) {
    this.socket = net.connect({ ...target, allowHalfOpen: true })
    this.connected = new Promise((resolve) => this.socket.once('connect', resolve))
    this.over = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.isClosed = true
        this.#notify()
        resolve()
      })
      this.socket.once('end', () => {
        this.ended = true
        this.#notify()
        resolve()
      })
    })
    this.socket.on('error', (error) => (this.error = error))
    this.socket.on('data', (bytes) => {
      this.size += bytes.length
      if (this.keep) this.received += bytes.toString('latin1')
      this.#notify()
    })
  }

  get(path: string, ...fields: readonly string[]): this {
    return this.send([`GET ${path} HTTP/1.1`, 'host: test', ...fields, '', ''].join('\r\n'))
  }

  send(text: string | Uint8Array): this {
    this.socket.write(text)
    return this
  }

  /** The next whole response, taken off what was received. @throws when the connection ends before it is whole */
  async response(): Promise<Response> {
    for (;;) {
      const found = parseResponse(this.received, this.ended || this.isClosed)
      if (found !== null) {
        this.received = this.received.slice(found.length)
        return found.response
      }
      if (this.ended || this.isClosed) {
        throw new Error(
          `the connection ended (${this.error?.code ?? 'in order'}) after ${JSON.stringify(this.received.slice(0, 200))}`,
        )
      }
      await this.change()
    }
  }

  /** Something came, or ended. */
  change(): Promise<void> {
    return this.#changed.promise
  }

  reset(): void {
    this.socket.resetAndDestroy()
  }

  close(): void {
    this.socket.destroy()
  }

  #notify(): void {
    const { resolve } = this.#changed
    this.#changed = Promise.withResolvers()
    resolve()
  }
}

function parseResponse(text: string, over: boolean): { readonly response: Response; readonly length: number } | null {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n')
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const status = Number(statusLine.split(' ')[1])
  const start = headEnd + 4
  const length = headers.get('content-length')
  if (headers.get('transfer-encoding') === 'chunked') {
    const chunked = parseChunks(text, start)
    return chunked && { response: { status, headers, body: chunked.body }, length: chunked.end }
  }
  if (length !== undefined) {
    const end = start + Number(length)
    return text.length < end ? null : { response: { status, headers, body: text.slice(start, end) }, length: end }
  }
  return over ? { response: { status, headers, body: text.slice(start) }, length: text.length } : null
}

function parseChunks(text: string, start: number): { readonly body: string; readonly end: number } | null {
  let body = ''
  for (let at = start; ;) {
    const lineEnd = text.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const size = Number.parseInt(text.slice(at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (text.length < next) return null
    if (size === 0) return { body, end: next }
    body += text.slice(lineEnd + 2, lineEnd + 2 + size)
    at = next
  }
}
