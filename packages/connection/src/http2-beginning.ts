/** A connection that is about to speak HTTP/2: what speaks it is loaded with the first one, since most processes need none. */
import type { Duplex } from 'node:stream'
import type { ConnectionHost, HostedConnection } from './connection-host.ts'
import type { ConnectionFacts } from './environ.ts'

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
