import type { TlsOptions } from '@tsgi/spec/server'
import type { ConnectionHost, HostedConnection } from './connection-host.ts'
import type { Accepted } from './socket-transport.ts'

/** What a listener's clients speak, as the server that accepts them sees it. */
export interface Protocol {
  /** Takes a connection over. It calls `host.connectionClosed` at its end, and not before this call has returned. */
  connect(host: ConnectionHost, accepted: Accepted): HostedConnection
  /**
   * Answers 503 as this protocol says it, and closes.
   *
   * @param linger how long the client may take to read it and to close its side, in milliseconds; 0 gives the descriptor back at once
   * @param closed called when it has
   */
  refuse(accepted: Accepted, linger: number, closed: () => void): void
  /**
   * Other certificates, for connections from now on.
   *
   * @throws ServeError `TSGI_ERR_OPTION` where they are not as they should be
   */
  renew?(tls: TlsOptions): Promise<void>
}
