/** What OpenTelemetry's conventions for HTTP servers say of a request (semantic conventions 1.45, stable). */
import type { Attributes } from '@opentelemetry/api'
import { type Environ, header, type Peer } from '@tsgi/spec'

const METHODS: ReadonlySet<string> = new Set('GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY'.split(' '))

/** A name of few values: the method, where it is one that is known. */
export const spanName = ({ requestMethod }: Environ): string => (METHODS.has(requestMethod) ? requestMethod : 'HTTP')

export function requestAttributes(environ: Environ): Attributes {
  const { requestMethod, scriptName, pathInfo, queryString, urlScheme, serverName, serverPort, headers } = environ
  const known = METHODS.has(requestMethod)
  const peer = (environ['tsgi.peer'] as Peer | undefined) ?? { address: environ.remoteAddr, port: environ.remotePort }
  return withoutAbsent({
    'http.request.method': known ? requestMethod : '_OTHER',
    'http.request.method_original': known ? undefined : requestMethod,
    'url.path': scriptName + pathInfo,
    'url.query': queryString === '' ? undefined : queryString,
    'url.scheme': urlScheme,
    'server.address': serverName,
    'server.port': serverPort ?? undefined,
    'client.address': environ.remoteAddr ?? undefined,
    'network.peer.address': peer.address ?? undefined,
    'network.peer.port': peer.port ?? undefined,
    'network.protocol.version': environ.serverProtocol.slice('HTTP/'.length),
    'user_agent.original': header(headers, 'user-agent'),
  })
}

const withoutAbsent = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
