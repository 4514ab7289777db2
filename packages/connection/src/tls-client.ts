/** A client that speaks TLS to a port in clear text. */
import type { RequestReader } from './wire.ts'
import type { ConnectionHost } from './connection-host.ts'
import type { Transport } from './transport.ts'

/** A record of a handshake begins with it (RFC 8446 §5.1). */
const HANDSHAKE = 0x16

/** Whether the client of a connection whose first request was refused speaks TLS: no text that is answered would reach it. */
export function speaksTls(
  { host, transport }: { readonly host: ConnectionHost; readonly transport: Transport },
  parser: RequestReader,
): boolean {
  if (parser.buffered !== transport.received || parser.takeRest()[0] !== HANDSHAKE) return false
  host.settings.log('debug', 'a connection to a port in clear text began with TLS, and was closed')
  return true
}
