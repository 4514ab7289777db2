/** A client that sends the bytes it is told to and keeps what comes back: what a test of a protocol needs. */
import net from 'node:net'
import { type ReadResponse, readResponses } from '@tsgi/wire'

export class Client {
  readonly socket: net.Socket
  received = ''
  /** Bytes that came. */
  size = 0
  /** Off for large answers, of which only the size matters. */
  keep = true
  ended = false
  closed = false
  error: NodeJS.ErrnoException | null = null
  #wake: (() => void)[] = []

  constructor(target: net.NetConnectOpts) {
    this.socket = net.connect({ ...target, allowHalfOpen: true })
    this.socket.on('data', (bytes) => {
      this.size += bytes.length
      if (this.keep) this.received += bytes.toString('latin1')
      this.#changed()
    })
    this.socket.on('end', () => {
      this.ended = true
      this.#changed()
    })
    this.socket.on('error', (error) => {
      this.error = error
      this.#changed()
    })
    this.socket.on('close', () => {
      this.closed = true
      this.#changed()
    })
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  send(text: string | Uint8Array): this {
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
    return this
  }

  /** Resolves once `condition` holds of what has come. */
  async until(condition: (client: this) => boolean): Promise<this> {
    while (!condition(this)) {
      if (this.closed)
        throw new Error(`the connection closed (${String(this.error)}) after ${JSON.stringify(this.received)}`)
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
    return this
  }

  contains(text: string): Promise<this> {
    return this.until(() => this.received.includes(text))
  }

  /** What came until the server ended its side. */
  async toEnd(): Promise<string> {
    while (!this.ended && !this.closed) await new Promise<void>((resolve) => this.#wake.push(resolve))
    return this.received
  }

  async toClose(): Promise<this> {
    while (!this.closed) await new Promise<void>((resolve) => this.#wake.push(resolve))
    return this
  }

  /** What came until `count` responses with a length, or chunked, were complete. */
  async responses(count: number): Promise<ReadResponse[]> {
    await this.until(() => readResponses(this.received).length >= count)
    return readResponses(this.received)
  }
}
