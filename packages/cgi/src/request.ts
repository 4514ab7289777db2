/**
 * From the variables of a gateway to the request that they speak of (RFC 3875 §4.1, with nginx's `REQUEST_URI`).
 *
 * What nobody could answer in one way is refused: two `CONTENT_LENGTH`, a malformed target, a value with a line end.
 */
import type { GatewayRequest, RequestError } from './events.ts'
import type { GatewayLimits } from './limits.ts'
import { readTarget, type Target } from './target.ts'

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const LONGEST_METHOD = 32
/** CR, LF, NUL and the other control bytes but the tab (RFC 9110 §5.5). */
// oxlint-disable-next-line no-control-regex
const BAD_VALUE = /[\x00-\x08\x0a-\x1f\x7f]/
const PREFIX = 'HTTP_'

/** About the connection between client and gateway, not about this one (RFC 9110 §7.6.1); the gateway has acted upon `expect`. */
const OF_ANOTHER_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'expect',
  // The variable without the prefix is the one that counts.
  'content-length',
  'content-type',
])

/** Length of a body that the gateway passes on as it arrives, in chunks: nginx without `fastcgi_request_buffering`. */
const UNKNOWN = -1

/** Variables that are looked at, by what they are for. Of one that is given twice the last counts, as of Host: nginx sends what its file says twice, twice. */
interface Seen {
  method: string
  uri: string | null
  scriptName: string
  pathInfo: string | null
  queryString: string
  protocol: string
  https: string
  scheme: string
  serverName: string
  serverPort: string
  remoteAddr: string
  remotePort: string
  contentLength: string | null
  contentType: string
}

/**
 * @param variables flat list of names and values, one character per byte
 * @param keepAlive whether the connection may carry another request
 * @param marksEnd whether the protocol says by itself where a body ends, so that its length may be unknown
 */
export function readRequest(
  variables: readonly string[],
  limits: GatewayLimits,
  keepAlive: boolean,
  marksEnd: boolean,
): GatewayRequest | RequestError {
  const seen: Seen = {
    method: '',
    uri: null,
    scriptName: '',
    pathInfo: null,
    queryString: '',
    protocol: '',
    https: '',
    scheme: '',
    serverName: '',
    serverPort: '',
    remoteAddr: '',
    remotePort: '',
    contentLength: null,
    contentType: '',
  }
  const fail = (status: RequestError['status'], message: string): RequestError => ({
    type: 'error',
    status,
    message,
    incomplete: false,
    method: seen.method === '' ? null : seen.method,
    target: seen.uri,
  })
  const headers: string[] = []
  let host = ''
  let coding = ''
  let size = 0
  for (let i = 0; i < variables.length; i += 2) {
    const name = variables[i] as string
    const value = variables[i + 1] as string
    if (name.startsWith(PREFIX)) {
      size += name.length + value.length
      if (size > limits.maxHeaderSize)
        return fail(431, `the fields are longer than ${limits.maxHeaderSize} bytes together`)
      const field = fieldName(name)
      if (field === null) return fail(400, `${JSON.stringify(name.slice(0, 40))} names no field`)
      if (OF_ANOTHER_CONNECTION.has(field)) {
        if (field === 'transfer-encoding') coding = trimmed(value)
        continue
      }
      if (BAD_VALUE.test(value)) return fail(400, `the value of ${field} has a control byte`)
      if (field === 'host') {
        host = value
        continue
      }
      headers.push(field, trimmed(value))
      if (headers.length > 2 * limits.maxHeaders) return fail(431, `there are more than ${limits.maxHeaders} fields`)
      continue
    }
    if (name === 'CONTENT_LENGTH') {
      if (seen.contentLength !== null && seen.contentLength !== value)
        return fail(400, 'expected one CONTENT_LENGTH, got two that differ')
      seen.contentLength = value
    } else take(seen, name, value)
  }
  if (!TOKEN.test(seen.method)) return fail(400, 'expected a REQUEST_METHOD that is a token')
  if (seen.method.length > LONGEST_METHOD) return fail(501, `the method is longer than ${LONGEST_METHOD} bytes`)
  const target = targetOf(seen, limits)
  if ('status' in target) return fail(target.status, target.message)
  const unsaid = seen.contentLength === null || seen.contentLength === ''
  // nginx gives uwsgi bodies a length by buffering them: an empty one is a request whose body it withholds, as auth_request does.
  const withheld = seen.contentLength === '' && !marksEnd
  const bodyLength = unsaid && coding !== '' && !withheld ? UNKNOWN : readLength(seen.contentLength)
  if (bodyLength === null) return fail(400, 'expected a CONTENT_LENGTH of digits, got something else')
  if (bodyLength > limits.maxBodySize) return fail(413, `the body is longer than ${limits.maxBodySize} bytes`)
  if (bodyLength === UNKNOWN && !marksEnd)
    return fail(400, 'expected a CONTENT_LENGTH, got a body in chunks: let the gateway buffer it')
  if (BAD_VALUE.test(coding)) return fail(400, 'the value of transfer-encoding has a control byte')
  if (BAD_VALUE.test(seen.contentType)) return fail(400, 'the value of content-type has a control byte')
  if (seen.contentType !== '') headers.push('content-type', trimmed(seen.contentType))
  // As with HTTP/1.1, it is what says that there is a body (SPEC E.10).
  if (bodyLength === UNKNOWN) headers.push('transfer-encoding', coding)
  else if (!unsaid) headers.push('content-length', String(bodyLength))
  const authority = target.authority ?? trimmed(host)
  if (authority !== '') headers.unshift('host', authority)
  const scriptName = seen.pathInfo === null ? '' : seen.scriptName
  const mount = mountOf(target.path, scriptName)
  if (mount === null) return fail(400, 'expected a REQUEST_URI that begins with SCRIPT_NAME')
  return {
    type: 'request',
    method: seen.method,
    path: target.path,
    query: target.query,
    scriptName: mount,
    headers,
    host: authority,
    serverName: seen.serverName === '_' ? '' : seen.serverName,
    serverPort: portOf(seen.serverPort),
    protocol: protocolOf(seen.protocol),
    scheme: schemeOf(seen),
    remoteAddr: seen.remoteAddr === '' || seen.remoteAddr.startsWith('unix:') ? null : seen.remoteAddr,
    remotePort: portOf(seen.remotePort),
    bodyLength,
    keepAlive,
    minorVersion: 0,
    expectContinue: false,
    upgrade: null,
  }
}

function take(seen: Seen, name: string, value: string): void {
  switch (name) {
    case 'REQUEST_METHOD':
      seen.method = value
      return
    case 'REQUEST_URI':
      seen.uri = value
      return
    case 'SCRIPT_NAME':
      seen.scriptName = value
      return
    case 'PATH_INFO':
      seen.pathInfo = value
      return
    case 'QUERY_STRING':
      seen.queryString = value
      return
    case 'SERVER_PROTOCOL':
      seen.protocol = value
      return
    case 'HTTPS':
      seen.https = value
      return
    case 'REQUEST_SCHEME':
      seen.scheme = value
      return
    case 'SERVER_NAME':
      seen.serverName = value
      return
    case 'SERVER_PORT':
      seen.serverPort = value
      return
    case 'REMOTE_ADDR':
      seen.remoteAddr = value
      return
    case 'REMOTE_PORT':
      seen.remotePort = value
      return
    case 'CONTENT_TYPE':
      seen.contentType = value
  }
}

interface Refused {
  readonly status: RequestError['status']
  readonly message: string
}

function targetOf(seen: Seen, { maxTargetSize }: GatewayLimits): Target | Refused {
  if (seen.uri === null || seen.uri === '')
    return {
      status: 400,
      message: 'expected REQUEST_URI, got none. With nginx: include uwsgi_params or fastcgi_params.',
    }
  if (seen.uri.length > maxTargetSize)
    return { status: 414, message: `the request target is longer than ${maxTargetSize} bytes` }
  const target = readTarget(seen.method, seen.uri)
  return typeof target === 'string' ? { status: seen.method === 'CONNECT' ? 501 : 400, message: target } : target
}

/** The part of `path`, as it was sent, that is the mount; `null` where the path leads elsewhere. */
function mountOf(path: string, scriptName: string): string | null {
  if (scriptName === '' || scriptName === '/') return ''
  const mount = scriptName.endsWith('/') ? scriptName.slice(0, -1) : scriptName
  if (path === mount || path.startsWith(`${mount}/`)) return mount
  // The gateway compares what it has decoded: /%73hop leads to /shop.
  const slashes = mount.split('/').length - 1
  const raw = path
    .split('/')
    .slice(0, slashes + 1)
    .join('/')
  return raw.includes('%') && decoded(raw) === mount ? raw : null
}

function decoded(path: string): string | null {
  try {
    // Variables are bytes, one character each.
    return Buffer.from(decodeURIComponent(path), 'utf8').toString('latin1')
  } catch {
    return null
  }
}

/** Where the gateway gives none there is no body (RFC 3875 §4.1.2). `null`: no number. */
function readLength(text: string | null): number | null {
  if (text === null || text === '') return 0
  if (!/^\d{1,16}$/.test(text)) return null
  const length = Number(text)
  return Number.isSafeInteger(length) ? length : null
}

function portOf(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port > 0 && port <= 65_535 ? port : null
}

/** HTTP/2 and HTTP/3 have no minor version (RFC 9113 §8.1); what is unknown is the least. */
function protocolOf(text: string): string {
  switch (text) {
    case 'HTTP/1.1':
      return text
    case 'HTTP/2.0':
    case 'HTTP/2':
      return 'HTTP/2'
    case 'HTTP/3.0':
    case 'HTTP/3':
      return 'HTTP/3'
    default:
      return 'HTTP/1.0'
  }
}

function schemeOf({ https, scheme }: Seen): 'http' | 'https' {
  if (https !== '') return /^off$/i.test(https) ? 'http' : 'https'
  return scheme === 'https' ? 'https' : 'http'
}

const trimmed = (value: string): string =>
  /^[ \t]|[ \t]$/.test(value) ? value.replace(/^[ \t]+/, '').trimEnd() : value

// Names repeat from request to request. Their number is bounded, since they are the client's choice.
const MOST_NAMES = 512
const LONGEST_NAME = 64
const names = new Map<string, string>()

/** `HTTP_USER_AGENT` is `user-agent`; `null` where it names no field. */
function fieldName(variable: string): string | null {
  const known = names.get(variable)
  if (known !== undefined) return known
  const name = variable.slice(PREFIX.length).toLowerCase().replaceAll('_', '-')
  if (!TOKEN.test(name)) return null
  if (variable.length <= LONGEST_NAME && names.size < MOST_NAMES) names.set(variable, name)
  return name
}
