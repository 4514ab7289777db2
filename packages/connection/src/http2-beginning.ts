/** A connection that is about to speak HTTP/2: what speaks it is loaded with the first one, since most processes need none. */
import type { Duplex } from 'node:stream'
import type { ConnectionHost, HostedConnection } from './connection-host.ts'
import type { RequestReader } from './wire.ts'
import type { ConnectionFacts } from './environ.ts'
import type { Transport } from './transport.ts'

/** How a client of HTTP/2 begins (RFC 9113 §3.4). */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

/**
 * Whether the client of a connection whose first request was refused for its version speaks HTTP/2: what was received is how one
 * begins that knows of it (RFC 9113 §3.3). Then what speaks it takes the place of `connection`, with all that was received.
 */
export function speaksHttp2(
  connection: HostedConnection,
  { host, transport }: { readonly host: ConnectionHost; readonly transport: Transport },
  parser: RequestReader,
  facts: ConnectionFacts,
): boolean {
  if (facts.urlScheme === 'https' || parser.buffered !== transport.received) return false
  const unread = parser.takeRest()
  // The rest of it may be on its way.
  if (!PREFACE.startsWith(unread.toString('latin1', 0, PREFACE.length))) return false
  const socket = transport.release(unread)
  if (socket === null) return false
  host.connectionReplaced(connection, new Http2Beginning(host, socket, facts))
  return true
}

export class Http2Beginning implements HostedConnection {
  readonly #host: ConnectionHost
  readonly #socket: Duplex
  /** Requests are on their way: they are answered. */
  readonly unfinished = true
  readonly idle = true

  /** @param socket that nothing reads; what was read of it is in front again */
  constructor(host: ConnectionHost, socket: Duplex, facts: ConnectionFacts) {
    this.#host = host
    this.#socket = socket
    const close = (): void => host.connectionClosed(this, false)
    const ignore = (): void => {}
    socket.on('close', close)
    socket.on('error', ignore)
    import('./http2-connection.ts').then(
      ({ Http2Connection }) => {
        if (socket.destroyed) return
        socket.off('close', close).off('error', ignore)
        host.connectionReplaced(this, new Http2Connection(host, socket, facts))
      },
      (error: unknown) => {
        host.settings.log('error', 'HTTP/2 cannot be loaded', { error })
        socket.destroy()
      },
    )
  }

  tick(): void {}

  drain(): void {}

  cutOff(): number {
    this.#socket.destroy()
    this.#host.connectionClosed(this, false)
    return 0
  }
}
