/** One connection to a subject: sends the bytes it is told to, and says what came. */
import net from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { Http2Translation } from './http2-translation.ts'
import { Mismatch, show } from './mismatch.ts'
import { type ByteSource, readInterim, readResponse, type WireResponse } from './response-reader.ts'
import type { Transcript } from './transcript.ts'

/** Where a subject listens. */
export interface Target {
  readonly host: string
  readonly port: number
  /** Whether it speaks TLS; nobody looks at its certificate. */
  readonly secure?: boolean | undefined
  /** Requests are translated to HTTP/2: over TLS by ALPN, in clear text with prior knowledge. */
  readonly http2?: boolean | undefined
}

const ALPN = { ALPNProtocols: ['h2'] }

export class Wire {
  readonly #socket: Duplex
  /** Below TLS, else the same. */
  readonly #transport: net.Socket
  readonly #transcript: Transcript
  readonly #number: number
  readonly #signal: AbortSignal
  #chunks: Buffer[] = []
  #buffered: Buffer = Buffer.alloc(0)
  #open = false
  #ended = false
  #error: NodeJS.ErrnoException | null = null
  #wake: (() => void) | null = null
  /** Bytes that came, taken or not. */
  received = 0

  private constructor(socket: Duplex, transport: net.Socket, transcript: Transcript, signal: AbortSignal) {
    this.#socket = socket
    this.#transport = transport
    this.#transcript = transcript
    this.#number = transcript.open()
    this.#signal = signal
    socket.on('data', (bytes: Buffer) => {
      this.received += bytes.length
      this.#chunks.push(bytes)
      transcript.bytes('received', this.#number, bytes)
      this.#changed()
    })
    socket.on('end', () => {
      transcript.event(this.#number, 'the server ended the connection')
      this.#ended = true
      this.#changed()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.#ended) transcript.event(this.#number, `the connection broke: ${error.code ?? error.message}`)
      this.#error = error
      this.#changed()
    })
    socket.on('close', () => {
      this.#ended = true
      this.#changed()
    })
    signal.addEventListener('abort', () => this.#changed(), { once: true })
  }

  /** @throws Mismatch where nobody listens */
  static async connect(target: Target, transcript: Transcript, signal: AbortSignal): Promise<Wire> {
    const { host, port, secure = false, http2 = false } = target
    const transport = net.connect({ host, port, allowHalfOpen: true })
    transport.setNoDelay(true)
    const connected = secure
      ? tls.connect({ socket: transport, rejectUnauthorized: false, ...(http2 && ALPN) })
      : transport
    const authority = `${secure ? 'https' : 'http'}://${host}:${port}`
    const socket = http2 ? new Http2Translation(authority, connected) : connected
    const wire = new Wire(socket, transport, transcript, signal)
    connected.once(secure ? 'secureConnect' : 'connect', () => {
      wire.#open = true
      wire.#changed()
    })
    while (!wire.#open && wire.#error === null) await wire.#change('a connection')
    if (wire.#error !== null) {
      throw new Mismatch(`a server at ${host}:${port}`, wire.#error.code ?? wire.#error.message)
    }
    return wire
  }

  #changed(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }

  async #change(purpose: string): Promise<void> {
    if (!this.#signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
    if (this.#signal.aborted) throw new Mismatch(purpose, `nothing within the deadline of the case`)
  }

  /** A string is sent as latin1: one byte for each character. */
  send(data: string | Uint8Array): this {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    this.#transcript.bytes('sent', this.#number, bytes)
    this.#socket.write(bytes)
    return this
  }

  /** Sends and waits until the kernel took it, or until the server answers or leaves. */
  async sendSlowly(data: Uint8Array): Promise<boolean> {
    this.#transcript.bytes('sent', this.#number, data)
    if (this.#socket.destroyed || this.#error !== null) return false
    const before = this.received
    if (this.#socket.write(data)) return true
    this.#socket.once('drain', () => this.#changed())
    while (this.#socket.writableNeedDrain && this.received === before && !this.#ended && this.#error === null) {
      await this.#change('a server that takes the body or answers')
    }
    return !this.#socket.writableNeedDrain
  }

  /** Ends this side, as `nc` does; the server's side stays open. */
  end(): this {
    this.#transcript.event(this.#number, 'the client ended its side')
    this.#socket.end()
    return this
  }

  /** Leaves without a word. */
  reset(): void {
    this.#transcript.event(this.#number, 'the client reset the connection')
    this.#transport.resetAndDestroy()
  }

  close(): void {
    this.#socket.destroy()
    this.#transport.destroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** The next final response to a request with this method. */
  async response(method = 'GET'): Promise<WireResponse> {
    return await readResponse(this.#source(), method)
  }

  /** The next head, interim or final, without its body. */
  async interim(): Promise<WireResponse> {
    return await readInterim(this.#source())
  }

  /** Resolves once what came, and was not taken, contains `text`. */
  async contains(text: string): Promise<void> {
    while (!this.#collect().includes(text, 0, 'latin1')) {
      if (this.#ended || this.#error !== null) {
        throw new Mismatch(`${show(text)} to come`, `the end of the connection, after ${show(this.#buffered)}`)
      }
      await this.#change(`${show(text)} to come`)
    }
  }

  /** What came and was not taken. */
  get pending(): Buffer {
    return this.#collect()
  }

  /** Waits for a byte more or the end of the connection; what came and was not taken. */
  async more(): Promise<Buffer> {
    while (this.#collect().length === 0 && !this.#ended && this.#error === null) {
      await this.#change('the server to close the connection')
    }
    return this.#collect()
  }

  /** Waits for the end of the connection; what came until then and was not taken. */
  async rest(): Promise<Buffer> {
    while (!this.#ended && this.#error === null) await this.#change('the server to close the connection')
    const rest = this.#collect()
    this.#buffered = Buffer.alloc(0)
    return rest
  }

  /** @throws Mismatch unless the server closes the connection without a byte more */
  async closed(): Promise<void> {
    const rest = await this.rest()
    if (rest.length > 0) throw new Mismatch('the connection to close, and nothing after the answer', show(rest))
  }

  /** The connection ended by a reset or an error. */
  get broken(): boolean {
    return this.#error !== null
  }

  #collect(): Buffer {
    if (this.#chunks.length > 0) {
      this.#buffered = Buffer.concat([this.#buffered, ...this.#chunks])
      this.#chunks = []
    }
    return this.#buffered
  }

  #source(): ByteSource {
    const isBroken = (): boolean => this.broken
    return {
      get broken() {
        return isBroken()
      },
      take: () => {
        const taken = this.#collect()
        this.#buffered = Buffer.alloc(0)
        return taken
      },
      putBack: (bytes) => {
        this.#buffered = Buffer.concat([bytes, this.#collect()])
      },
      more: async (purpose) => {
        const before = this.received
        while (this.received === before) {
          if (this.#ended || this.#error !== null) return false
          await this.#change(purpose)
        }
        return true
      },
    }
  }
}
