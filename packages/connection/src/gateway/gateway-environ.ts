/** The environ of a request that a gateway passed on: who the client is, and how it was reached, is the gateway's word. */
import type { GatewayRequest } from '@tsgi/cgi'
import { plainAddress, type Environ, type Input } from '@tsgi/spec'
import type { RequestHead } from '@tsgi/http1'
import { type ConnectionFacts, makeEnviron, type ServerFacts } from '../environ.ts'
import type { HttpExchange } from '../http-exchange.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

export function gatewayEnviron(
  head: RequestHead,
  { local }: ConnectionFacts,
  server: ServerFacts,
  input: Input,
  exchange: HttpExchange,
): Environ {
  // What reads requests here gives no others.
  const request = head as GatewayRequest & RequestHead
  const remoteAddr = request.remoteAddr === null ? null : plainAddress(request.remoteAddr)
  const facts: ConnectionFacts = {
    remoteAddr,
    remotePort: request.remotePort,
    local,
    urlScheme: request.scheme,
    // The gateway may stand behind others.
    trusted: server.settings.proxies?.trusts(remoteAddr) ?? false,
    // Between client and gateway, who says no more of it than that it was there.
    tls: null,
  }
  const environ: Writable<Environ> = makeEnviron(request, request.protocol, 'basic', facts, server, input, exchange)
  environ.scriptName = request.scriptName
  environ.pathInfo = request.path.slice(request.scriptName.length)
  if (request.host === '') {
    if (request.serverName !== '') environ.serverName = request.serverName
    if (request.serverPort !== null) environ.serverPort = request.serverPort
  }
  return environ
}
