import type { Body, Environ, StartResponse } from '@tsgi/spec'
import { Connection } from './connection.ts'
import { readHandshake } from './handshake.ts'
import { settingsOf, type WebSocketOptions } from './options.ts'
import type { WebSocketHandler } from './web-socket-connection.ts'

/**
 * Answers a request with a WebSocket, or with what its handshake lacks (RFC 6455 §4.2): return the result. When the server begins to
 * stop, clients are sent a close with 1001, and connect again to what follows.
 *
 * @throws RangeError for an option that is not what it should be
 * @example
 * const echo: Application = (environ, startResponse) =>
 *   webSocket(environ, startResponse, {}, async (socket) => {
 *     for await (const message of socket) await socket.send(message)
 *   })
 */
export function webSocket(
  environ: Environ,
  startResponse: StartResponse,
  options: WebSocketOptions,
  handler: WebSocketHandler,
): Body {
  const settings = settingsOf(options)
  const handshake = readHandshake(environ, settings)
  if (handshake.kind === 'refused') {
    startResponse(handshake.status, handshake.headers)
    return `${handshake.why}\n`
  }
  const { server } = handshake
  return server.upgrade(handshake.upgrade, handshake.headers, (input, out) =>
    new Connection(handshake, settings, input, out).run(handler, server.draining),
  )
}
