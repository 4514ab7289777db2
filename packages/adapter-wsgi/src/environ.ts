import type { Environ, HeaderList } from '@tsgi/spec'
import { WsgiErrors } from './errors.ts'
import { fileWrapper } from './file-wrapper.ts'
import { WsgiInput } from './input.ts'
import type { RequestBody } from './request-body.ts'
import type { WsgiEnviron } from './wsgi.ts'

const VERSION = Object.freeze([1, 0] as const)

/**
 * The environ of PEP 3333 for one request; `null` where the path has a bad escape, which no server of CGI's kind could
 * decode (SPEC P.3: 400).
 */
export function wsgiEnviron(environ: Environ, body: RequestBody): WsgiEnviron | null {
  const scriptName = percentDecoded(environ.scriptName)
  const pathInfo = percentDecoded(environ.pathInfo)
  if (scriptName === null || pathInfo === null) return null
  const made: WsgiEnviron = {
    REQUEST_METHOD: environ.requestMethod,
    SCRIPT_NAME: scriptName,
    PATH_INFO: pathInfo,
    QUERY_STRING: environ.queryString,
    SERVER_NAME: environ.serverName,
    // PEP 3333 wants it never empty, and a unix socket has none.
    SERVER_PORT: String(environ.serverPort ?? (environ.urlScheme === 'https' ? 443 : 80)),
    SERVER_PROTOCOL: environ.serverProtocol,
    SERVER_SOFTWARE: environ.server.name,
    REMOTE_ADDR: environ.remoteAddr ?? '',
    REMOTE_PORT: environ.remotePort === null ? '' : String(environ.remotePort),
    'wsgi.version': VERSION,
    'wsgi.url_scheme': environ.urlScheme,
    'wsgi.input': new WsgiInput(body),
    'wsgi.input_terminated': true,
    'wsgi.errors': new WsgiErrors(environ.errors),
    'wsgi.multithread': environ.multithread,
    'wsgi.multiprocess': environ.multiprocess,
    'wsgi.run_once': environ.runOnce,
    'wsgi.file_wrapper': fileWrapper,
    'tsgi.environ': environ,
  }
  addFields(made, environ.headers)
  // A body that came in chunks has a length too by now; CGI knows no other way to say that there is one.
  if (body.length > 0) made.CONTENT_LENGTH = String(body.length)
  return made
}

/** Percent-decoded to one character per byte, as PEP 3333's native strings are; `null` for a bad escape. */
function percentDecoded(text: string): string | null {
  if (!text.includes('%')) return text
  if (/%(?![0-9a-f]{2})/i.test(text)) return null
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function addFields(made: WsgiEnviron, headers: HeaderList): void {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const key = KEYS.get(name) ?? learn(name)
    if (key === '') continue
    const earlier = made[key] as string | undefined
    const value = headers[i + 1] as string
    // RFC 9110 §5.3; cookies are joined by their own separator (RFC 6265 §5.4).
    made[key] = earlier === undefined ? value : `${earlier}${key === 'HTTP_COOKIE' ? '; ' : ', '}${value}`
  }
}

/** Environ keys of fields, `''` for those that have none. Capped, since clients make names up. */
const KEYS = new Map([
  ['content-type', 'CONTENT_TYPE'],
  ['content-length', 'CONTENT_LENGTH'],
  // The body is received and its framing undone.
  ['transfer-encoding', ''],
])
const MAX_KEYS = 1024

function learn(name: string): string {
  // `x_user` and `x-user` would meet in one key, and a proxy that checks one would let the other pass.
  const key = name.includes('_') ? '' : `HTTP_${name.toUpperCase().replaceAll('-', '_')}`
  if (KEYS.size < MAX_KEYS) KEYS.set(name, key)
  return key
}
