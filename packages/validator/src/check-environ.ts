/** The environ that a server passes (E.1 to E.16, P.1, P.2, T.2, I.1, U.1 to U.5). Runs for each request. */
import { isIP } from 'node:net'
import { header, type Environ } from '@tsgi/spec'
import { describe } from './describe.ts'
import { checkRequestFields, type FaultSink } from './fields.ts'

const MEMBERS = [
  'version',
  'requestMethod',
  'scriptName',
  'pathInfo',
  'queryString',
  'serverName',
  'serverPort',
  'serverProtocol',
  'urlScheme',
  'remoteAddr',
  'remotePort',
  'headers',
  'multithread',
  'multiprocess',
  'runOnce',
  'input',
  'errors',
  'server',
] as const satisfies readonly (keyof Environ)[]
const KNOWN: ReadonlySet<string> = new Set(MEMBERS)

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// What a request target may hold: visible ASCII but #, and in its path no ? and no backslash.
const PATH = /^[\x21\x22\x24-\x3e\x40-\x5b\x5d-\x7e]*$/
const QUERY = /^[\x21\x22\x24-\x7e]*$/
const PROTOCOLS: ReadonlySet<unknown> = new Set(['HTTP/1.0', 'HTTP/1.1', 'HTTP/2', 'HTTP/3'])
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:/?#@[\]\\]+)$/

/** @returns whether it can be worked with: an object with every member */
export function checkEnviron(environ: Environ, sink: FaultSink): boolean {
  if (!hasMembers(environ, sink)) return false
  checkRequest(environ, sink)
  checkConnection(environ, sink)
  checkRequestFields(environ.headers, sink)
  return checkServices(environ, sink)
}

function hasMembers(environ: Environ, sink: FaultSink): boolean {
  const prototype: unknown =
    typeof environ === 'object' && environ !== null ? Object.getPrototypeOf(environ) : undefined
  if (prototype !== Object.prototype && prototype !== null) {
    sink.fault('TSGI_V_ENVIRON_MEMBER', `The environ was ${describe(environ)}`)
    return false
  }
  const keys = Object.keys(environ)
  let known = 0
  for (const key of keys) {
    if (KNOWN.has(key)) known++
    else if (!key.includes('.')) sink.fault('TSGI_V_ENVIRON_KEY', `The environ had a member called ${key}`)
  }
  if (known === MEMBERS.length) return true
  const missing = MEMBERS.filter((member) => !keys.includes(member))
  sink.fault('TSGI_V_ENVIRON_MEMBER', `The environ had no ${missing.join(', no ')} of its own`)
  return false
}

function checkRequest(environ: Environ, sink: FaultSink): void {
  const { version, requestMethod, scriptName, pathInfo, queryString } = environ
  if (!Array.isArray(version) || version[0] !== 1 || !Number.isInteger(version[1]) || version.length !== 2) {
    sink.fault('TSGI_V_ENVIRON_VERSION', `version was ${JSON.stringify(version)}`)
  }
  if (typeof requestMethod !== 'string' || !TOKEN.test(requestMethod)) {
    sink.fault('TSGI_V_ENVIRON_METHOD', `requestMethod was ${describe(requestMethod)}`)
  }
  if (typeof queryString !== 'string' || !QUERY.test(queryString)) {
    sink.fault('TSGI_V_ENVIRON_QUERY', `queryString was ${describe(queryString)}`)
  }
  if (
    typeof scriptName !== 'string' ||
    (scriptName !== '' && !/^\/(?:.*[^/])?$/s.test(scriptName)) ||
    scriptName === '/'
  ) {
    sink.fault('TSGI_V_SCRIPT_NAME', `scriptName was ${describe(scriptName)}`)
  } else if (!PATH.test(scriptName)) {
    sink.fault('TSGI_V_PATH_DECODED', `scriptName was ${describe(scriptName)}, which no client can have sent`)
  }
  if (typeof pathInfo !== 'string' || !isPathForm(pathInfo, environ)) {
    sink.fault(
      'TSGI_V_PATH_INFO',
      `pathInfo was ${describe(pathInfo)}${scriptName === '' ? '' : ` below ${scriptName}`}`,
    )
  } else if (!PATH.test(pathInfo)) {
    sink.fault('TSGI_V_PATH_DECODED', `pathInfo was ${describe(pathInfo)}, which no client can have sent`)
  }
}

function isPathForm(pathInfo: string, { requestMethod, scriptName }: Environ): boolean {
  if (pathInfo.startsWith('/')) return true
  return pathInfo === '' ? scriptName !== '' : pathInfo === '*' && requestMethod === 'OPTIONS'
}

const isPort = (port: unknown): boolean =>
  port === null || (Number.isInteger(port) && (port as number) >= 0 && (port as number) <= 0xff_ff)

function checkConnection(environ: Environ, sink: FaultSink): void {
  const { serverName, serverPort, serverProtocol, urlScheme, remoteAddr, remotePort } = environ
  if (typeof serverName !== 'string' || !HOST.test(serverName) || !isPort(serverPort)) {
    sink.fault('TSGI_V_ENVIRON_SERVER', `serverName was ${describe(serverName)}, serverPort ${describe(serverPort)}`)
  }
  if (!PROTOCOLS.has(serverProtocol)) {
    sink.fault('TSGI_V_ENVIRON_PROTOCOL', `serverProtocol was ${describe(serverProtocol)}`)
  }
  if (urlScheme !== 'http' && urlScheme !== 'https') {
    sink.fault('TSGI_V_ENVIRON_SCHEME', `urlScheme was ${describe(urlScheme)}`)
  }
  if (!isAddress(remoteAddr) || !isPort(remotePort)) {
    sink.fault('TSGI_V_ENVIRON_REMOTE', `remoteAddr was ${describe(remoteAddr)}, remotePort ${describe(remotePort)}`)
  }
  if (typeof environ.multithread !== 'boolean') flagFault('multithread', environ.multithread, sink)
  if (typeof environ.multiprocess !== 'boolean') flagFault('multiprocess', environ.multiprocess, sink)
  if (typeof environ.runOnce !== 'boolean') flagFault('runOnce', environ.runOnce, sink)
  const peer = environ['tsgi.peer']
  if (peer !== undefined && !isEnd(peer)) {
    sink.fault('TSGI_V_ENVIRON_PEER', `tsgi.peer was ${JSON.stringify(peer) ?? describe(peer)}`)
  }
  const local = environ['tsgi.local']
  if (local !== undefined && !isEnd(local)) {
    sink.fault('TSGI_V_ENVIRON_LOCAL', `tsgi.local was ${JSON.stringify(local) ?? describe(local)}`)
  }
  const tls = environ['tsgi.tls']
  if (tls !== undefined && !isTls(tls)) {
    sink.fault('TSGI_V_ENVIRON_TLS', `tsgi.tls was ${JSON.stringify(tls) ?? describe(tls)}`)
  }
}

function isAddress(address: unknown): boolean {
  if (address === null) return true
  if (typeof address !== 'string' || isIP(address) === 0) return false
  return !address.includes('%') && !/^::ffff:\d+\./i.test(address)
}

const flagFault = (name: string, value: unknown, sink: FaultSink): void =>
  sink.fault('TSGI_V_ENVIRON_FLAGS', `${name} was ${describe(value)}`)

/** Of a connection. */
function isEnd(end: unknown): boolean {
  const { address, port } = Object(end) as { address?: unknown; port?: unknown }
  return isAddress(address) && isPort(port)
}

function isTls(tls: unknown): boolean {
  const { protocol, cipher, alpn, serverName, authorized, subject } = Object(tls) as Readonly<Record<string, unknown>>
  return (
    typeof protocol === 'string' &&
    typeof cipher === 'string' &&
    isTextOrNull(alpn) &&
    isTextOrNull(serverName) &&
    typeof authorized === 'boolean' &&
    isTextOrNull(subject) &&
    (authorized || subject === null)
  )
}

const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string'

function checkServices(environ: Environ, sink: FaultSink): boolean {
  const { input, errors, server } = environ
  const usable = {
    input: isMethod(input, 'read') && isMethod(input, Symbol.asyncIterator) && 'trailers' in input,
    errors: isMethod(errors, 'write') && isMethod(errors, 'flush'),
    server:
      isMethod(server, 'onFinish') &&
      isMethod(server, 'flush') &&
      'signal' in server &&
      typeof server.name === 'string',
  }
  if (!usable.input) sink.fault('TSGI_V_ENVIRON_INPUT', `input was ${describe(input)} without all of its members`)
  if (!usable.errors) sink.fault('TSGI_V_ENVIRON_ERRORS', `errors was ${describe(errors)} without all of its members`)
  if (!usable.server) {
    sink.fault('TSGI_V_ENVIRON_CONTEXT', `server was ${describe(server)} without all of its members`)
  } else checkOffers(environ, sink)
  return usable.input && usable.errors && usable.server
}

const isMethod = (value: object, name: PropertyKey): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Record<PropertyKey, unknown>)[name] === 'function'

function checkOffers(environ: Environ, sink: FaultSink): void {
  const { server, serverProtocol } = environ
  const { earlyHints, trailers, upgrade } = server
  if (!isOptionalMethod(earlyHints) || !isOptionalMethod(trailers) || !isOptionalMethod(upgrade)) {
    sink.fault('TSGI_V_ENVIRON_CONTEXT', 'An optional member of server was there and no function')
  }
  const old = serverProtocol === 'HTTP/1.0'
  // RFC 9113 §8.6: HTTP/2 has no upgrade.
  const fixed = serverProtocol !== 'HTTP/1.1'
  if (old && earlyHints !== undefined) sink.fault('TSGI_V_HINTS_OFFERED', 'earlyHints was there with HTTP/1.0')
  if (old && trailers !== undefined) sink.fault('TSGI_V_TRAILERS_OFFERED', 'trailers was there with HTTP/1.0')
  if (upgrade !== undefined && (fixed || header(environ.headers, 'upgrade') === undefined)) {
    sink.fault('TSGI_V_UPGRADE_OFFERED', 'upgrade was there, and the client had not asked for it')
  }
}

const isOptionalMethod = (value: unknown): boolean => value === undefined || typeof value === 'function'
