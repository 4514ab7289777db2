/** An HTTP client that sees everything: each byte, each close, and when. It repairs and repeats nothing. */
import net from 'node:net'
import type { Address } from '@tsgi/spec/server'
import { readResponses } from '@tsgi/wire'

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
      const [found] = readResponses(this.received, { most: 1, ended: this.ended || this.isClosed })
      if (found !== undefined) {
        this.received = this.received.slice(found.end)
        return { status: found.status, headers: found.headers, body: found.body }
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
