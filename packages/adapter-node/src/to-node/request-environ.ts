import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import {
  header,
  plainAddress,
  type Environ,
  type ErrorStream,
  type HeaderList,
  type Input,
  type Local,
  type ServerContext,
} from '@tsgi/spec'
import { tlsOf } from '@tsgi/exchange/tls-facts'
import { remembered } from '../remembered.ts'
import type { Settings } from './settings.ts'

const VERSION = Object.freeze([1, 0] as const)

/** Marks that connect and Express leave on a request that they pass on below a prefix. */
interface Mounted {
  readonly baseUrl?: unknown
  readonly originalUrl?: unknown
}

/** @param sent the request's fields as {@link lowerCaseList} gives them */
export function environOf(
  request: IncomingMessage,
  sent: string[],
  settings: Settings,
  input: Input,
  errors: ErrorStream,
  server: ServerContext,
): Environ {
  const { socket } = request
  const target = splitTarget(request)
  const urlScheme = (socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http'
  const headers = target.host === null ? sent : withHost(sent, target.host)
  const host = splitHost(header(headers, 'host') ?? '')
  const localPort = socket.localPort ?? null
  const environ: Environ = {
    version: VERSION,
    requestMethod: request.method ?? 'GET',
    scriptName: target.scriptName,
    pathInfo: target.pathInfo,
    queryString: target.queryString,
    serverName: host?.name ?? bracketed(addressOf(socket.localAddress) ?? ''),
    serverPort: host?.port ?? (host === null || localPort === null ? localPort : urlScheme === 'https' ? 443 : 80),
    serverProtocol: `HTTP/${request.httpVersion}`,
    urlScheme,
    remoteAddr: addressOf(socket.remoteAddress),
    remotePort: socket.remotePort ?? null,
    headers,
    multithread: true,
    multiprocess: settings.multiprocess,
    runOnce: false,
    input,
    errors,
    server,
    'tsgi.local': { address: addressOf(socket.localAddress), port: localPort } satisfies Local,
  }
  const tls = tlsOf(socket)
  return tls === null ? environ : { ...environ, 'tsgi.tls': tls }
}

const addressOf = (address: string | undefined): string | null => (address === undefined ? null : plainAddress(address))

interface Target {
  readonly scriptName: string
  readonly pathInfo: string
  readonly queryString: string
  /** Of a target in absolute form, which wins over Host (RFC 9112 §3.2.2); `null` in any other. */
  readonly host: string | null
}

function splitTarget(request: IncomingMessage): Target {
  const { path, query, host } = splitUrl(request.url ?? '/')
  const scriptName = mountOf(request, path)
  // What mounts at a prefix gives the prefix itself as `/`: the slash was not sent.
  const bare = path === '/' && scriptName !== '' && pathOf((request as Mounted).originalUrl) === scriptName
  return { scriptName, pathInfo: bare ? '' : path, queryString: query, host }
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?]*)/i

function splitUrl(url: string): { path: string; query: string; host: string | null } {
  const absolute = url.charCodeAt(0) === 47 /* / */ ? null : ABSOLUTE_FORM.exec(url)
  const rest = absolute === null ? url : url.slice(absolute[0].length)
  const mark = rest.indexOf('?')
  const path = mark < 0 ? rest : rest.slice(0, mark)
  return { path: path || '/', query: mark < 0 ? '' : rest.slice(mark + 1), host: absolute?.[1] ?? null }
}

const pathOf = (url: unknown): string | null => (typeof url === 'string' ? splitUrl(url).path : null)

/** Express says the prefix; connect says the whole URL only. Without a trailing slash, as a `scriptName` is. */
function mountOf(request: IncomingMessage, path: string): string {
  const { baseUrl, originalUrl } = request as Mounted
  if (typeof baseUrl === 'string') return baseUrl
  const whole = pathOf(originalUrl)
  if (whole === null || whole === path) return ''
  if (whole.endsWith(path)) return whole.slice(0, -path.length)
  return path === '/' ? whole : ''
}

const lowerName = remembered((name) => name.toLowerCase())

function withHost(list: string[], host: string): HeaderList {
  const at = list.findIndex((text, i) => i % 2 === 0 && text === 'host')
  if (at < 0) list.push('host', host)
  else list[at + 1] = host
  return list
}

/** Node's raw list with its names in lower case. */
export function lowerCaseList(raw: readonly string[]): string[] {
  const list: string[] = []
  for (let i = 0; i < raw.length; i += 2) list.push(lowerName(raw[i] as string), raw[i + 1] as string)
  return list
}

function splitHost(host: string): { readonly name: string; readonly port: number | null } | null {
  if (host === '') return null
  const colon = host.endsWith(']') ? -1 : host.lastIndexOf(':')
  if (colon < 0) return { name: host, port: null }
  const port = Number(host.slice(colon + 1))
  return { name: host.slice(0, colon), port: Number.isInteger(port) && port > 0 ? port : null }
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)
