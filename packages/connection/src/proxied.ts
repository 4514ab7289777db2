/** The PROXY protocol in front of another: reads the header, once, and hands the connection on as the client's. */
import { canonicalAddress } from '@tsgi/http-fields'
import { ServeError } from '@tsgi/spec/server'
import type { ConnectionHost, HostedConnection } from './connection-host.ts'
import { hasLostPeer } from './environ.ts'
import { ProxiedTransport } from './proxied-transport.ts'
import type { Protocol } from './protocol.ts'
import { readProxyHeader } from './proxy-header.ts'
import type { Settings } from './settings.ts'
import type { Accepted } from './socket-transport.ts'
import type { Transport, TransportEvents } from './transport.ts'

/** @throws ServeError `TSGI_ERR_OPTION` where no proxy is trusted, so that nobody could connect */
export function proxied(protocol: Protocol, { proxies }: Settings): Protocol {
  if (proxies === null) {
    throw new ServeError(
      'TSGI_ERR_OPTION',
      'the PROXY protocol is accepted from trusted proxies only, and none is named. Set trustedProxies, or --forwarded-allow-ips.',
    )
  }
  return {
    ...protocol,
    connect: (host, accepted) => new ProxiedBeginning(host, accepted, protocol),
  }
}

/** A connection until its header was read; from then on, what passes its events on. */
class ProxiedBeginning implements HostedConnection, TransportEvents {
  readonly #host: ConnectionHost
  readonly #protocol: Protocol
  readonly #transport: Transport
  readonly #since: number
  #received: Buffer = Buffer.alloc(0)
  #drainedAt = -1
  /** What has the connection now. */
  #next: TransportEvents | null = null

  constructor(host: ConnectionHost, accepted: Accepted, protocol: Protocol) {
    this.#host = host
    this.#protocol = protocol
    this.#since = host.clock.now
    this.#transport = accepted.connect(this)
    const { remoteAddress, localAddress } = this.#transport
    if (hasLostPeer(remoteAddress, localAddress)) this.#transport.destroy(false)
    else if (host.settings.proxies?.trusts(remoteAddress) === true) this.#transport.resume()
    else this.#close(`expected a trusted proxy, got ${remoteAddress ?? 'a local program'}`)
    if (host.draining) this.drain()
  }

  /** A request may be right behind the header. */
  get unfinished(): boolean {
    return this.#received.length > 0
  }

  get idle(): boolean {
    return this.#received.length === 0
  }

  // TransportEvents

  onData(bytes: Buffer, length: number): void {
    if (this.#next !== null) {
      this.#next.onData(bytes, length)
      return
    }
    const received = (this.#received = Buffer.concat([this.#received, bytes.subarray(0, length)]))
    const header = readProxyHeader(received)
    if (header === null) return
    if (typeof header === 'string') {
      this.#close(header)
      return
    }
    this.#received = Buffer.alloc(0)
    const { remoteAddress, remotePort } = this.#transport
    const { client, size } = header
    const transport = new ProxiedTransport(
      this.#transport,
      client === null ? remoteAddress : canonicalAddress(client.address),
      client === null ? remotePort : client.port,
      size,
    )
    const accepted: Accepted = {
      encrypted: false,
      tls: null,
      connect: (events) => {
        this.#next = events
        return transport
      },
      refuse: () => transport.destroy(false),
    }
    this.#host.connectionReplaced(this, this.#protocol.connect(this.#host, accepted))
    const rest = received.subarray(size)
    if (rest.length > 0) (this.#next as TransportEvents | null)?.onData(rest, rest.length)
  }

  onEnd(): void {
    if (this.#next === null) this.#transport.destroy(false)
    else this.#next.onEnd()
  }

  onDrain(): void {
    this.#next?.onDrain()
  }

  onClose(error: Error | undefined): void {
    if (this.#next === null) this.#host.connectionClosed(this, false)
    else this.#next.onClose(error)
  }

  #close(why: string): void {
    const { localAddress, localPort, remoteAddress } = this.#transport
    const listener = localAddress === null ? 'a unix socket' : `${localAddress}:${localPort}`
    const peer = remoteAddress ?? 'a local program'
    this.#host.settings.log('warn', `PROXY protocol on ${listener}: ${why}; the connection of ${peer} was closed`)
    this.#transport.destroy(false)
  }

  // From the server

  tick(now: number): void {
    const { headers } = this.#host.settings.timeouts
    if (this.#drainedAt >= 0 && this.idle && now - this.#drainedAt >= this.#host.idleGrace)
      this.#transport.destroy(false)
    else if (headers > 0 && now - this.#since >= headers) this.#close(`expected the header within ${headers} ms`)
  }

  drain(): void {
    if (this.#drainedAt < 0) this.#drainedAt = this.#host.clock.now
  }

  cutOff(): number {
    this.#transport.destroy(false)
    return 0
  }
}
