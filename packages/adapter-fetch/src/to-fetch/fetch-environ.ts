import { plainAddress, type Environ, type ErrorStream, type HeaderList, type ServerContext } from '@tsgi/spec'
import { fetchInput } from './fetch-input.ts'
import { toFields } from '../header-fields.ts'

/** Where a request comes from. */
export interface Remote {
  readonly address: string | null
  readonly port: number | null
}

/** What there is besides the request. */
export interface EnvironParts {
  readonly scriptName: string
  readonly remote: Remote
  readonly info: unknown
  readonly errors: ErrorStream
  readonly server: ServerContext
}

/** The environ of a `Request`. The host has parsed its URL, so the path is as the URL standard writes it. */
export function environOf(request: Request, { scriptName, remote, info, errors, server }: EnvironParts): Environ {
  const url = new URL(request.url)
  const https = url.protocol === 'https:'
  // Some hosts make their requests late, and have to for a body: a method that cannot have one is not asked.
  const body = request.method === 'GET' || request.method === 'HEAD' ? null : request.body
  return {
    version: [1, 0],
    requestMethod: request.method,
    scriptName,
    pathInfo: url.pathname,
    queryString: url.search.slice(1),
    serverName: url.hostname,
    serverPort: url.port === '' ? (https ? 443 : 80) : Number(url.port),
    serverProtocol: 'HTTP/1.1',
    urlScheme: https ? 'https' : 'http',
    remoteAddr: remote.address,
    remotePort: remote.port,
    headers: fieldsOf(request.headers, url, body !== null),
    multithread: true,
    multiprocess: false,
    runOnce: false,
    input: fetchInput(body),
    errors,
    server,
    'fetch.request': request,
    'fetch.info': info,
  }
}

/** With what a message on the wire has and a `Request` need not: a Host, and framing where there is a body. */
function fieldsOf(headers: Headers, url: URL, hasBody: boolean): HeaderList {
  const fields = toFields(headers)
  if (!headers.has('host')) fields.push('host', url.host)
  const framed = headers.has('content-length') || headers.has('transfer-encoding')
  if (hasBody && !framed) fields.push('transfer-encoding', 'chunked')
  return fields
}

/**
 * Where the client is, as the host tells it: by a Node socket beside the request (`@hono/node-server`, `@whatwg-node/server`), by an
 * address there (Deno), by asking the server (Bun), or on the request itself (srvx).
 */
export function remoteOf(request: Request, info: unknown): Remote {
  const socket = member(member(info, 'incoming') ?? member(info, 'req'), 'socket') ?? nodeSocketOf(request)
  if (socket !== undefined) return remote(member(socket, 'remoteAddress'), member(socket, 'remotePort'))
  const asked = member(info, 'requestIP')
  if (typeof asked === 'function') {
    const found: unknown = Reflect.apply(asked, info, [request])
    return remote(member(found, 'address'), member(found, 'port'))
  }
  const address = member(info, 'remoteAddr')
  return remote(member(address, 'hostname'), member(address, 'port'))
}

const nodeSocketOf = (request: Request): unknown =>
  member(member(member(member(request, 'runtime'), 'node'), 'req'), 'socket')

function remote(address: unknown, port: unknown): Remote {
  return {
    address: typeof address === 'string' ? plainAddress(address) : null,
    port: typeof port === 'number' ? port : null,
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
