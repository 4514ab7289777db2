/** The protocol `https`: a handshake, and then HTTP/2 or HTTP/1.1, as the client and the server agree (ALPN, RFC 7301). */
import type { TLSSocket } from 'node:tls'
import { tlsOf } from '@tsgi/exchange/tls-facts'
import { Connection } from './connection.ts'
import type { ConnectionHost, HostedConnection } from './connection-host.ts'
import { connectionFacts, hasLostPeer } from './environ.ts'
import { Http2Beginning } from './http2-beginning.ts'
import type { Protocol } from './protocol.ts'
import { ProxiedTransport } from './proxied-transport.ts'
import type { Settings } from './settings.ts'
import { type Accepted, AcceptedSocket } from './socket-transport.ts'
import { TlsServer } from './tls-server.ts'
import type { Transport, TransportEvents } from './transport.ts'

export async function httpsProtocol(settings: Settings): Promise<Protocol> {
  const tls = await TlsServer.make(settings)
  return {
    connect: (host, accepted) => new Handshake(host, accepted, tls),
    // A refusal that the client could read would cost a handshake.
    refuse: (accepted, linger, closed) => accepted.refuse('', linger, closed),
    renew: (options) => tls.renew(options),
  }
}

/** A record of a handshake begins with it (RFC 8446 §5.1). */
const HANDSHAKE = 0x16
const LINGER = 5_000
const PLAIN =
  'HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n\r\n' +
  '400 Bad Request\n\nThis port speaks HTTPS, and the request came in clear text. Ask for it with https:\n'

/** A connection until its handshake is done. */
class Handshake implements HostedConnection, TransportEvents {
  readonly #host: ConnectionHost
  readonly #tls: TlsServer
  readonly #transport: Transport
  readonly #since: number
  /** It was answered in clear text. */
  #refusedAt = -1
  /** The server began to stop, in the clock's milliseconds. */
  #drainedAt = -1
  #socket: { destroy(): unknown } | null = null

  constructor(host: ConnectionHost, accepted: Accepted, tls: TlsServer) {
    this.#host = host
    this.#tls = tls
    this.#since = host.clock.now
    this.#transport = accepted.connect(this)
    this.#transport.resume()
    if (host.draining) this.drain()
  }

  /** A request may be right behind it. */
  get unfinished(): boolean {
    return this.#refusedAt < 0
  }

  get idle(): boolean {
    return this.#socket === null
  }

  // TransportEvents

  /** The first bytes: what follows is read by the handshake. */
  onData(bytes: Buffer, length: number): void {
    if (this.#refusedAt >= 0 || this.#socket !== null) return
    if (bytes[0] !== HANDSHAKE) {
      this.#refuse(bytes[0] as number)
      return
    }
    const socket = this.#transport.release(Buffer.from(bytes.subarray(0, length)))
    if (socket === null) return
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('close', () => this.#host.connectionClosed(this, false))
    // Not within the read that brought them.
    process.nextTick(() => {
      if (!socket.destroyed) this.#tls.begin(socket, { onSecure: this.#secured, onFailure: this.#failed })
    })
  }

  onEnd(): void {
    this.#transport.destroy(false)
  }

  onDrain(): void {}

  onClose(): void {
    this.#host.connectionClosed(this, false)
  }

  #refuse(first: number): void {
    this.#host.settings.log('debug', 'a connection to a TLS port began with something else, and was closed')
    // The first letter of a method.
    if (first < 0x41 || first > 0x5a) {
      this.#transport.destroy(false)
      return
    }
    this.#refusedAt = this.#host.clock.now
    this.#transport.writeLatin1(PLAIN)
    this.#transport.end()
  }

  readonly #secured = (socket: TLSSocket): void => {
    const host = this.#host
    const tls = tlsOf(socket)
    if (hasLostPeer(this.#transport.remoteAddress, this.#transport.localAddress)) {
      socket.destroy()
    } else if (socket.alpnProtocol === 'h2') {
      const facts = connectionFacts(this.#transport, true, tls, host.settings)
      host.connectionReplaced(this, new Http2Beginning(host, socket, facts))
    } else {
      const accepted = new AcceptedSocket(socket, tls)
      const transport = this.#transport
      const named = transport instanceof ProxiedTransport ? transport.named(accepted) : accepted
      host.connectionReplaced(this, new Connection(host, named))
    }
  }

  readonly #failed = (error: Error): void => {
    this.#host.settings.log('debug', `a TLS handshake failed: ${error.message}`)
    this.#socket?.destroy()
  }

  // From the server

  tick(now: number): void {
    const { headers } = this.#host.settings.timeouts
    if (this.#refusedAt >= 0) {
      if (now - this.#refusedAt >= LINGER) this.cutOff()
    } else if (this.#drainedAt >= 0 && this.idle && now - this.#drainedAt >= this.#host.idleGrace) {
      this.cutOff()
    } else if (headers > 0 && now - this.#since >= headers) {
      this.#host.settings.log('debug', `a TLS handshake was not done after ${headers} ms`)
      this.cutOff()
    }
  }

  drain(): void {
    if (this.#drainedAt < 0) this.#drainedAt = this.#host.clock.now
  }

  cutOff(): number {
    if (this.#socket === null) this.#transport.destroy(false)
    else this.#socket.destroy()
    return 0
  }
}
