import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { isIP } from 'node:net'
import type { Environ, Peer } from '@tsgi/spec'
import { nodeError } from './node-error.ts'

const HIGH_WATER_MARK = 64 * 1024

/** The two spaces and the version of a request line, its end, and the empty line behind the fields. */
const REQUEST_LINE_REST = 14

/** What a {@link ClientSocket} needs of the exchange that it belongs to. */
export interface SocketOwner {
  /** What the request is an event of. */
  readonly httpServer: Server
  readonly bytesWritten: number
  /** Bytes that the server has not accepted yet. */
  readonly pendingBytes: number
  destroyed(error: Error | undefined): void
  timedOut(): void
}

/**
 * Stands where a listener expects the connection: `req.socket`. It tells who is at the other end, keeps an idle timer and
 * can be destroyed; bytes do not go through it, since the connection is the server's. One per request, so it must be
 * cheap: an emitter, not a stream.
 */
export class ClientSocket extends EventEmitter {
  readonly #environ: Environ
  readonly #owner: SocketOwner
  #timer: NodeJS.Timeout | null = null
  #bodyRead = 0
  #encrypted: boolean | undefined = undefined
  readable = true
  writable = true
  destroyed = false
  timeout: number | undefined = undefined

  constructor(environ: Environ, owner: SocketOwner) {
    super()
    this.#environ = environ
    this.#owner = owner
  }

  /** The raw peer, so that a listener which trusts proxies itself does not count one twice. */
  get remoteAddress(): string | undefined {
    const peer = this.#environ['tsgi.peer'] as Peer | undefined
    return (peer === undefined ? this.#environ.remoteAddr : peer.address) ?? undefined
  }

  get remotePort(): number | undefined {
    const peer = this.#environ['tsgi.peer'] as Peer | undefined
    return (peer === undefined ? this.#environ.remotePort : peer.port) ?? undefined
  }

  get remoteFamily(): string | undefined {
    return familyOf(this.remoteAddress)
  }

  /** This end of the connection, where the server says so. */
  get localAddress(): string | undefined {
    return this.#local?.address ?? undefined
  }

  get localPort(): number | undefined {
    return this.#local?.port ?? undefined
  }

  get localFamily(): string | undefined {
    return familyOf(this.localAddress)
  }

  get #local(): Peer | undefined {
    return this.#environ['tsgi.local'] as Peer | undefined
  }

  get server(): Server {
    return this.#owner.httpServer
  }

  get encrypted(): boolean {
    return this.#encrypted ?? this.#environ.urlScheme === 'https'
  }

  /** Set by middleware behind a proxy that ends TLS, so that express-session sends its secure cookie. */
  set encrypted(value: boolean) {
    this.#encrypted = value
  }

  /** Of this response: its head, and its body without framing. */
  get bytesWritten(): number {
    return this.#owner.bytesWritten
  }

  /** Of this request, as far as the adapter sees them: the lines of its head, and its body without framing. */
  get bytesRead(): number {
    const { requestMethod, scriptName, pathInfo, queryString, headers } = this.#environ
    const line = requestMethod.length + scriptName.length + pathInfo.length + queryString.length
    return headers.reduce((sum, text) => sum + text.length + 2, line + REQUEST_LINE_REST) + this.#bodyRead
  }

  get closed(): boolean {
    return this.destroyed
  }

  get readyState(): string {
    return this.destroyed ? 'closed' : 'open'
  }

  get readableHighWaterMark(): number {
    return HIGH_WATER_MARK
  }

  get writableHighWaterMark(): number {
    return HIGH_WATER_MARK
  }

  /** Node's own `end` uncorks the connection by it. */
  get _writableState(): { corked: number } {
    return { corked: 0 }
  }

  get writableLength(): number {
    return this.#owner.pendingBytes
  }

  address(): object {
    const { localAddress: address, localFamily: family, localPort: port } = this
    return address === undefined ? {} : { address, family, port }
  }

  setTimeout(milliseconds: number, callback?: () => void): this {
    if (this.destroyed) return this
    this.timeout = milliseconds
    this.#stopTimer()
    if (milliseconds === 0) {
      if (callback !== undefined) this.removeListener('timeout', callback)
      return this
    }
    this.#timer = setTimeout(() => this.#expire(), milliseconds)
    this.#timer.unref()
    if (callback !== undefined) this.once('timeout', callback)
    return this
  }

  /** Bytes of the request's body have come. */
  received(bytes: number): void {
    this.#bodyRead += bytes
    this.touch()
  }

  /** Something passed: the idle timer begins again. */
  touch(): void {
    this.#timer?.refresh()
  }

  #expire(): void {
    this.#timer = null
    this.#owner.timedOut()
    this.emit('timeout')
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this
    this.close()
    this.#owner.destroyed(error)
    return this
  }

  destroySoon(): void {
    this.destroy()
  }

  resetAndDestroy(): this {
    return this.destroy()
  }

  end(): this {
    return this.destroy()
  }

  /** The exchange is over; nothing of it is to keep the process or the server busy. */
  close(): void {
    this.#stopTimer()
    this.destroyed = true
    this.readable = false
    this.writable = false
  }

  /** The client sends no more. */
  endReading(): void {
    if (!this.readable) return
    this.readable = false
    this.emit('end')
  }

  /** Leaves the connection as it is, and ends what was asked for on behalf of this request. */
  release(): void {
    this.#stopTimer()
  }

  write(): never {
    throw nodeError(
      'ERR_METHOD_NOT_IMPLEMENTED',
      'socket.write() is not possible here: the connection belongs to the server. Write to the response.',
    )
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  pause(): this {
    return this
  }

  resume(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  cork(): void {}

  uncork(): void {}
}

function familyOf(address: string | undefined): string | undefined {
  const version = isIP(address ?? '')
  return version === 0 ? undefined : `IPv${version}`
}
