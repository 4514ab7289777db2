/** Addresses as people write and read them. */
import { resolve } from 'node:path'
import type { Address, ListenProtocol, ListenTarget, ListenTargetOptions } from '@tsgi/spec/server'

/** Where a server listens by default. */
export const DEFAULT_TARGETS: readonly ListenTarget[] = [{ host: '127.0.0.1', port: 3000 }]

/** Length of the kernel's queue of new connections. Linux caps it at `net.core.somaxconn`. */
export const DEFAULT_BACKLOG = 2048

/** What {@link parseTarget} takes, for "expected …". */
export const TARGET_FORMS =
  'host:port, [::1]:port, unix:/path, unix:@name or fd:3, with http://, https://, uwsgi:// or fastcgi:// in front (uwsgi+unix:/path)'

const PROTOCOLS: readonly ListenProtocol[] = ['http', 'https', 'uwsgi', 'fastcgi']

/** Ends an address whose connections begin with a header of the PROXY protocol. */
const PROXY_PROTOCOL = '?proxy-protocol'

/** What a unix socket's path begins with where it is a name of Linux's abstract namespace and no file (unix(7)). */
const ABSTRACT = '\0'

export const isAbstract = (path: string): boolean => path.startsWith(ABSTRACT)

/** @returns `undefined` where the text has none of {@link TARGET_FORMS} */
export function parseTarget(text: string): ListenTarget | undefined {
  const proxied = text.endsWith(PROXY_PROTOCOL)
  const plain = proxied ? text.slice(0, -PROXY_PROTOCOL.length) : text
  const [, ofHost, ofOther] = /^([a-z]+):\/\/|^([a-z]+)\+/.exec(plain) ?? []
  const scheme = ofHost ?? ofOther
  const protocol = PROTOCOLS.find((known) => known === scheme)
  if (scheme !== undefined && protocol === undefined) return undefined
  const place = parsePlace(
    plain.slice(ofHost !== undefined ? ofHost.length + 3 : ofOther !== undefined ? ofOther.length + 1 : 0),
  )
  if (place === undefined || (ofHost !== undefined && !('port' in place)) || (ofOther !== undefined && 'port' in place))
    return undefined
  // `http` is the default, and written without.
  const spoken = protocol === undefined || protocol === 'http' ? {} : { protocol }
  return { ...place, ...spoken, ...(proxied ? { proxyProtocol: true } : {}) }
}

function parsePlace(text: string): ListenTarget | undefined {
  if (text.startsWith('unix:')) return text === 'unix:' || text === 'unix:@' ? undefined : unixTarget(text)
  const fd = /^fd:(\d{1,9})$/.exec(text)
  if (fd !== null) return { fd: Number(fd[1]) }
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]/]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) }
}

function unixTarget(text: string): ListenTarget {
  const path = text.slice('unix:'.length)
  return { path: path.startsWith('@') ? ABSTRACT + path.slice(1) : path }
}

/**
 * As {@link parseTarget} reads it: `127.0.0.1:3000`, `[::1]:3000`, `unix:/run/site.sock`, `unix:@name`, `fd:3`,
 * `uwsgi://127.0.0.1:3031`, `fastcgi+unix:/run/site.sock`, `127.0.0.1:3000?proxy-protocol`.
 */
export function formatTarget(target: ListenTarget): string {
  const { protocol = 'http', proxyProtocol = false } = target
  const scheme = protocol === 'http' ? '' : 'port' in target ? `${protocol}://` : `${protocol}+`
  return `${scheme}${formatPlace(target)}${proxyProtocol ? PROXY_PROTOCOL : ''}`
}

function formatPlace(target: ListenTarget): string {
  if ('path' in target) return `unix:${readable(target.path)}`
  if ('fd' in target) return `fd:${target.fd}`
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`
}

/** A path as people write it: an abstract name has an `@` in the place of its zero byte. */
export const readable = (path: string): string => (isAbstract(path) ? `@${path.slice(1)}` : path)

/** A path from the root; an abstract name has no folder and stays as it is. */
export const absolutePath = (path: string, cwd = ''): string => (isAbstract(path) ? path : resolve(cwd, path))

/**
 * As a browser takes it; a wildcard address is shown as the loopback it includes. What a gateway speaks is no page to open,
 * and has no path: `uwsgi://127.0.0.1:3031`.
 */
export function urlOf(address: Address, { protocol = 'http' }: ListenTargetOptions = {}): string {
  const end = protocol === 'http' || protocol === 'https' ? '/' : ''
  if (address.family === 'unix') return `${protocol}+unix://${encodeURIComponent(readable(address.path))}${end}`
  const any = address.host === '0.0.0.0' || address.host === '::'
  const host = any ? 'localhost' : address.family === 'IPv6' ? `[${address.host}]` : address.host
  return `${protocol}://${host}:${address.port}${end}`
}
