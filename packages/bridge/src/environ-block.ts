/** The environ as a worker receives it: `key\0value\0…`, the keys of CGI (RFC 3875 §4.1), one character per byte. */
import type { Environ, HeaderList } from '@tsgi/spec'

/**
 * @param length of a body that was received whole; `undefined` where the request's own field stands
 */
export function environBlock(environ: Environ, length: number | undefined): string {
  const { scriptName, pathInfo, queryString, urlScheme } = environ
  const port = environ.serverPort ?? (urlScheme === 'https' ? 443 : 80)
  const query = queryString === '' ? '' : `?${queryString}`
  const block = `REQUEST_METHOD\0${environ.requestMethod}\0SCRIPT_NAME\0${scriptName}\0PATH_INFO\0${pathInfo}\0QUERY_STRING\0${queryString}\0REQUEST_URI\0${scriptName}${pathInfo}${query}\0SERVER_NAME\0${environ.serverName}\0SERVER_PORT\0${port}\0SERVER_PROTOCOL\0${environ.serverProtocol}\0REMOTE_ADDR\0${environ.remoteAddr ?? ''}\0REMOTE_PORT\0${environ.remotePort ?? ''}`
  return block + fields(environ.headers, length)
}

function fields(headers: HeaderList, length: number | undefined): string {
  let text = length === undefined ? '' : `\0CONTENT_LENGTH\0${length}`
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const key = KEYS.get(name) ?? learn(name)
    if (key === '' || (length !== undefined && key === 'CONTENT_LENGTH')) continue
    if (indexOfName(headers, name, 0) < i) continue
    text += `\0${key}\0${joined(headers, name, i, key)}`
  }
  return text
}

/** The value of a field and of its repeats: RFC 9110 §5.3; cookies have a separator of their own (RFC 6265 §5.4). */
function joined(headers: HeaderList, name: string, first: number, key: string): string {
  let value = headers[first + 1] as string
  for (let i = indexOfName(headers, name, first + 2); i < headers.length; i = indexOfName(headers, name, i + 2)) {
    value += `${key === 'HTTP_COOKIE' ? '; ' : ', '}${headers[i + 1]}`
  }
  return value
}

/** Where a name stands, the length where it does not. Heads have some ten fields: looking costs less than a map. */
function indexOfName(headers: HeaderList, name: string, from: number): number {
  let i = from
  while (i < headers.length && headers[i] !== name) i += 2
  return i
}

/** Keys of fields, `''` for those that have none. Capped, since clients make names up. */
const KEYS = new Map([
  ['content-type', 'CONTENT_TYPE'],
  ['content-length', 'CONTENT_LENGTH'],
  // The framing is undone.
  ['transfer-encoding', ''],
  // HTTP_PROXY is what libraries take for the proxy of their own requests: httpoxy, CVE-2016-5385.
  ['proxy', ''],
])
const MAX_KEYS = 1024

function learn(name: string): string {
  // `x_user` and `x-user` would meet in one key, and a proxy that checks one would let the other pass.
  const key = name.includes('_') ? '' : `HTTP_${name.toUpperCase().replaceAll('-', '_')}`
  if (KEYS.size < MAX_KEYS) KEYS.set(name, key)
  return key
}

/** Whether each `%` of a path begins an escape; one that does not is answered with 400 (SPEC P.3). */
export const hasGoodEscapes = (path: string): boolean => !path.includes('%') || !/%(?![0-9a-f]{2})/i.test(path)
