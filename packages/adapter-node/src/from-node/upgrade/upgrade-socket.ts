/**
 * The connection that an `upgrade` listener is given: a duplex stream with what programs use of `net.Socket`. What is written
 * first is the head of a response; after a 101 the bytes of the other protocol go both ways.
 */
import type { Server } from 'node:http'
import { Duplex } from 'node:stream'
import { ClientGoneError } from '@tsgi/exchange'
import { isPromise, type BodyWriter, type Bytes, type Environ, type Input } from '@tsgi/spec'
import type { ClientSocket } from '../client-socket.ts'
import { connectionReset } from '../node-error.ts'
import { socketOf } from '../secure-socket.ts'

/** Where the response to an upgrade goes, until the connection is handed over. */
export interface UpgradeAnswerer {
  /** Bytes of the response. A promise: wait before the next. */
  write(bytes: Buffer): void | Promise<void>
  /** Nothing follows what was written. */
  end(): void
}

/** Members of `tls.TLSSocket` that are there only where there is TLS. */
const TLS_MEMBERS = ['authorized', 'alpnProtocol', 'servername', 'getProtocol', 'getCipher', 'getPeerCertificate']

/** Of written bytes that are joined to be sent at once. */
const MOST_JOINED = 16 * 1024

type Done = (error?: Error | null) => void

export class UpgradeSocket extends Duplex {
  readonly server: Server
  /** Who is at the other end, and the idle timer. */
  readonly #client: ClientSocket
  readonly #answerer: UpgradeAnswerer
  #out: BodyWriter | null = null
  /** Settles when the application is done with the connection. */
  readonly #over = Promise.withResolvers<void>()
  #input: Input | null = null
  /** Nobody reads: what the client sends waits with the server. */
  #full = false
  #inputEnded = false
  #concluded = false
  bytesRead = 0
  bytesWritten = 0
  timeout: number | undefined = undefined
  readonly connecting = false
  readonly pending = false

  constructor(environ: Environ, server: Server, answerer: UpgradeAnswerer) {
    // With an argument, as net.Socket emits it: by _destroy.
    super({ emitClose: false })
    this.server = server
    this.#answerer = answerer
    const timedOut = (): void => void this.emit('timeout')
    const pendingBytes = (): number => this.writableLength
    const client = socketOf(environ, {
      httpServer: server,
      bytesWritten: 0,
      get pendingBytes() {
        return pendingBytes()
      },
      destroyed() {},
      timedOut,
    })
    this.#client = client
    for (const name of TLS_MEMBERS) {
      if (!(name in client)) continue
      const value: unknown = Reflect.get(client, name)
      Object.defineProperty(this, name, { value: typeof value === 'function' ? value.bind(client) : value })
    }
  }

  /**
   * The other protocol begins.
   *
   * @returns settles when the application is done with the connection
   */
  connect(input: Input, out: BodyWriter): Promise<void> {
    this.#out = out
    this.#pump(input)
    return this.#over.promise
  }

  /** The client is gone, or the server has given up the connection. */
  depart(): void {
    if (this.destroyed) return
    // As on Node, but without an error that nobody listens for.
    this.destroy(!this.#concluded && this.listenerCount('error') > 0 ? connectionReset() : undefined)
  }

  /** Without an async function: what a message costs is mostly promises. */
  #pump(input: Input): void {
    this.#input = input
    try {
      for (;;) {
        const bytes = input.read()
        if (isPromise(bytes)) {
          bytes.then(
            (later) => this.#accept(later) && this.#pump(input),
            () => this.depart(),
          )
          return
        }
        if (!this.#accept(bytes)) return
      }
    } catch {
      this.depart()
    }
  }

  /** @returns whether more may be read: otherwise {@link _read} continues */
  #accept(bytes: Bytes): boolean {
    if (this.#inputEnded) return false
    if (bytes.length === 0) {
      this.#endInput()
      return false
    }
    this.bytesRead += bytes.length
    this.#client.touch()
    // Before the push, in which a reader may ask for more.
    this.#full = true
    if (!this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) || !this.#full) return false
    this.#full = false
    return true
  }

  #endInput(): void {
    if (this.#inputEnded) return
    this.#inputEnded = true
    this.push(null)
  }

  override _read(): void {
    if (!this.#full || this.#input === null) return
    this.#full = false
    this.#pump(this.#input)
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.bytesWritten += chunk.length
    this.#client.touch()
    const room = (this.#out ?? this.#answerer).write(chunk)
    if (room === undefined) done()
    else
      room.then(
        () => done(),
        () => this.depart(),
      )
  }

  /** A frame's head and payload, written one after the other, leave together where that costs no large copy. */
  override _writev(chunks: { readonly chunk: Buffer }[], done: Done): void {
    const size = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0)
    if (size <= MOST_JOINED) {
      this._write(
        Buffer.concat(
          chunks.map(({ chunk }) => chunk),
          size,
        ),
        'buffer',
        done,
      )
      return
    }
    let next = 0
    const writeNext = (error?: Error | null): void => {
      const chunk = chunks[next++]?.chunk
      if (chunk === undefined || error) done(error)
      else this._write(chunk, 'buffer', writeNext)
    }
    writeNext()
  }

  override _final(done: Done): void {
    this.#conclude()
    done()
    // The server closes the connection now: what the client still sends reaches nobody.
    this.#endInput()
  }

  override _destroy(error: Error | null, done: Done): void {
    // What was not accepted yet is not sent: its client may be the reason.
    if (this.writableLength > 0) this.#over.reject(new ClientGoneError('the application destroyed the connection'))
    this.#over.promise.catch(() => {})
    this.#conclude()
    this.#client.close()
    this.#inputEnded = true
    done(error)
    process.nextTick(() => this.emit('close', error !== null))
  }

  #conclude(): void {
    this.#concluded = true
    this.#over.resolve()
    this.#answerer.end()
  }

  // What net.Socket has besides

  get remoteAddress(): string | undefined {
    return this.#client.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#client.remotePort
  }

  get remoteFamily(): string | undefined {
    return this.#client.remoteFamily
  }

  get localAddress(): string | undefined {
    return this.#client.localAddress
  }

  get localPort(): number | undefined {
    return this.#client.localPort
  }

  get localFamily(): string | undefined {
    return this.#client.localFamily
  }

  get encrypted(): boolean {
    return this.#client.encrypted
  }

  get readyState(): string {
    if (this.destroyed) return 'closed'
    if (this.writableEnded) return 'readOnly'
    return this.readableEnded ? 'writeOnly' : 'open'
  }

  address(): object {
    return this.#client.address()
  }

  /** In milliseconds without a byte in either direction; 0: none. As on Node, `timeout` is emitted and nothing else happens. */
  setTimeout(milliseconds: number, callback?: () => void): this {
    this.timeout = milliseconds
    this.#client.setTimeout(milliseconds)
    if (callback === undefined) return this
    return milliseconds === 0 ? this.removeListener('timeout', callback) : this.once('timeout', callback)
  }

  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  resetAndDestroy(): this {
    return this.destroy()
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}
