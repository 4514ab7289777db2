/** A transport whose other end is named by a proxy. */
import type { Duplex } from 'node:stream'
import type { AcceptedConnection } from './connection-host.ts'
import type { Transport, TransportEvents } from './transport.ts'

export class ProxiedTransport implements Transport {
  readonly remoteAddress: string | null
  readonly remotePort: number | null
  readonly #transport: Transport
  readonly #header: number

  /** @param header bytes that came before the connection's own */
  constructor(transport: Transport, remoteAddress: string | null, remotePort: number | null, header: number) {
    this.#transport = transport
    this.remoteAddress = remoteAddress
    this.remotePort = remotePort
    this.#header = header
  }

  /** Another connection on this one, such as one that is encrypted, as the same client's. */
  named(accepted: AcceptedConnection): AcceptedConnection {
    const { encrypted, tls } = accepted
    const connect = (events: TransportEvents): Transport =>
      new ProxiedTransport(accepted.connect(events), this.remoteAddress, this.remotePort, 0)
    return { encrypted, tls, connect }
  }

  get localAddress(): string | null {
    return this.#transport.localAddress
  }

  get localPort(): number | null {
    return this.#transport.localPort
  }

  get received(): number {
    return this.#transport.received - this.#header
  }

  get readsInOwnContext(): boolean {
    return this.#transport.readsInOwnContext
  }

  get queued(): number {
    return this.#transport.queued
  }

  writeLatin1(text: string): boolean {
    return this.#transport.writeLatin1(text)
  }

  writeBytes(parts: readonly Uint8Array[]): boolean {
    return this.#transport.writeBytes(parts)
  }

  whenDrained(callback: () => void): void {
    this.#transport.whenDrained(callback)
  }

  probe(): void {
    this.#transport.probe()
  }

  pause(): void {
    this.#transport.pause()
  }

  resume(): void {
    this.#transport.resume()
  }

  end(): void {
    this.#transport.end()
  }

  release(unread: Buffer): Duplex | null {
    return this.#transport.release(unread)
  }

  destroy(reset: boolean): void {
    this.#transport.destroy(reset)
  }
}
