import type { EnvironData } from '@tsgi/spec'

const DEFAULT_PORT = { http: 80, https: 443 } as const
const HOSTS_KEPT = 1000

/**
 * What the URL parser would change in the target that a server lets through (WHATWG URL §4.4, §1.3): dot segments, and
 * characters that it encodes in a path or a query.
 */
const NOT_PLAIN = /\/\.|%2e|["'<>\\^`{|}]|[^!-~]/i

/** The URL that a request was sent to, mount prefix included, not yet parsed. */
export function rawUrl(environ: EnvironData): string {
  return `${environ.urlScheme}://${environ.serverName}${port(environ)}${target(environ)}`
}

/**
 * The same as `new URL(rawUrl(environ)).href`, without parsing where nothing would change.
 *
 * @throws TypeError where the parser refuses the host, such as `1.2.3.4.5`
 */
export function normalUrl(environ: EnvironData): string {
  const rest = target(environ)
  if (NOT_PLAIN.test(rest)) return new URL(rawUrl(environ)).href
  return `${environ.urlScheme}://${normalHost(environ.serverName)}${port(environ)}${rest}`
}

function target({ scriptName, pathInfo, queryString }: EnvironData): string {
  const path = scriptName === '' ? pathInfo : scriptName + pathInfo
  const rooted = path.charCodeAt(0) === 0x2f ? path : `/${path}`
  return queryString === '' ? rooted : `${rooted}?${queryString}`
}

function port({ serverPort, urlScheme }: EnvironData): string {
  return serverPort === null || serverPort === DEFAULT_PORT[urlScheme] ? '' : `:${serverPort}`
}

const hosts = new Map<string, string>()

function normalHost(name: string): string {
  const known = hosts.get(name)
  if (known !== undefined) return known
  const host = new URL(`http://${name}/`).hostname
  // Clients choose these names: without a cap they could fill the memory.
  if (hosts.size === HOSTS_KEPT) hosts.clear()
  hosts.set(name, host)
  return host
}
