/**
 * Whether a page may connect. A browser lets every page open a WebSocket to every host, with that host's cookies, and leaves it
 * to the server to look at `origin` (RFC 6455 §10.2).
 */
import { header, type Environ } from '@tsgi/spec'

export function mayConnect(environ: Environ, origins: 'same' | 'any' | readonly string[]): boolean {
  const origin = header(environ, 'origin')
  if (origin === undefined || origins === 'any') return true
  if (origins !== 'same') return origins.includes(URL.parse(origin)?.origin ?? '')
  const from = URL.parse(origin)
  // `null` is the origin of a sandbox and of a file.
  return from !== null && from.host !== '' && from.host === hostOf(environ, from.protocol)
}

/**
 * The host that the client asked for, as a URL of `protocol` has it. The schemes of page and connection may differ, where a proxy
 * in front ends the TLS and is not trusted to say so: then the port that each leaves out differs, too.
 */
function hostOf({ serverName, serverPort, urlScheme }: Environ, protocol: string): string | undefined {
  const usual = urlScheme === 'https' ? 443 : 80
  const port = serverPort === null || serverPort === usual ? '' : `:${serverPort}`
  return URL.parse(`${protocol}//${serverName}${port}`)?.host
}
