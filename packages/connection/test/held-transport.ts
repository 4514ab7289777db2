/** A connection whose kernel does as it is told: for moments that real sockets reach only by chance. */
import { HttpServer } from '@tsgi/connection'
import type { Application } from '@tsgi/spec'
import type { ServeOptions } from '@tsgi/spec/server'
import type { Accepted } from '@tsgi/connection'
import { Connection } from '../src/connection.ts'
import type { Transport, TransportEvents } from '../src/transport.ts'
import { nameOf } from './state-names.ts'

/** Takes what is written, says that it waits or not, and lets go of it on request. */
export class HeldTransport implements Transport, Accepted {
  readonly encrypted = false
  readonly tls = null
  readonly remoteAddress: string | null = '192.0.2.1'
  readonly remotePort = 1024
  readonly localAddress: string = '192.0.2.2'
  readonly localPort = 80
  readonly readsInOwnContext = false
  readonly received = 0
  /** What a write answers: whether there is room for more. */
  roomy = true
  /** Off: written bytes wait until {@link drain}. */
  flowing = true
  queued = 0
  sent = ''
  reading = false
  /** How often the kernel was asked whether the peer is there. */
  probes = 0
  state: 'open' | 'ended' | 'destroyed' | 'reset' = 'open'
  #events: TransportEvents | null = null
  #waiting: (() => void)[] = []

  connect(events: TransportEvents): Transport {
    this.#events = events
    return this
  }

  refuse(_text: string, _linger: number, closed: () => void): void {
    this.state = 'destroyed'
    closed()
  }

  get connection(): Connection {
    if (this.#events instanceof Connection) return this.#events
    throw new Error('expected a connection to have been made of this transport')
  }

  /** The names of what the connection reads and writes, such as `idle ready`. */
  get states(): string {
    return nameOf(this.connection.states)
  }

  /** Bytes come from the peer, in a buffer that is written over afterwards. */
  receive(text: string): void {
    const bytes = Buffer.from(text, 'latin1')
    this.lend(bytes)
    bytes.fill('!')
  }

  lend(bytes: Buffer): void {
    this.#events?.onData(bytes, bytes.length)
  }

  receiveEnd(): void {
    this.#events?.onEnd()
  }

  /** The peer takes what waits, and everything from then on unless `flowing` is false. */
  drain(flowing = true): void {
    const waited = !this.roomy
    this.queued = 0
    this.roomy = true
    this.flowing = flowing
    for (const callback of this.#waiting.splice(0)) callback()
    if (waited) this.#events?.onDrain()
  }

  /** What was written before is with the kernel, and what was written since is not. */
  drainOlder(): void {
    for (const callback of this.#waiting.splice(0)) callback()
  }

  close(error?: Error): void {
    this.state = 'destroyed'
    this.#events?.onClose(error)
  }

  writeLatin1(text: string): boolean {
    this.sent += text
    if (!this.flowing) this.queued += text.length
    return this.roomy
  }

  writeBytes(parts: readonly Uint8Array[]): boolean {
    return this.writeLatin1(Buffer.concat(parts).toString('latin1'))
  }

  whenDrained(callback: () => void): void {
    if (this.queued === 0) callback()
    else this.#waiting.push(callback)
  }

  release(): null {
    return null
  }

  probe(): void {
    this.probes++
  }

  pause(): void {
    this.reading = false
  }

  resume(): void {
    this.reading = true
  }

  end(): void {
    this.state = 'ended'
  }

  destroy(reset: boolean): void {
    this.state = reset ? 'reset' : 'destroyed'
    process.nextTick(() => this.#events?.onClose(undefined))
  }
}

/** An application on one held connection. `multithread`: whether calls of it may overlap. */
export function held(
  app: Application,
  options: ServeOptions = {},
  multithread = true,
): { http: HttpServer; wire: HeldTransport } {
  const facts = { name: 'held', multithread, multiprocess: false, runOnce: false }
  const http = new HttpServer(app, { log: () => {}, ...options }, facts)
  const wire = new HeldTransport()
  http.accept(wire)
  return { http, wire }
}
