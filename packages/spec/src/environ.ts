import type { ErrorStream, Input } from './input.ts'
import type { HeaderList } from './header-list.ts'
import type { ServerContext } from './server-context.ts'

/** The JSON-safe part of an environ: own, enumerable, plain data. It can cross a process boundary. */
export interface EnvironData {
  /** Of the interface. A server may raise `minor` when it adds to it. */
  readonly version: readonly [major: 1, minor: number]
  /** As sent: methods are case-sensitive (RFC 9110 §9.1). */
  readonly requestMethod: string
  /** The mount prefix as sent, without a trailing slash; `''` at the root. */
  readonly scriptName: string
  /** The rest of the path as sent, neither decoded nor normalised: `''`, `/…`, or `*` with OPTIONS. */
  readonly pathInfo: string
  /** As sent, without `?`; `''` where there is none. */
  readonly queryString: string
  /** The host the client asked for, without port (IPv6 in brackets); else the listener's. */
  readonly serverName: string
  /** The port the client asked for; `null` on a unix socket where Host names none. */
  readonly serverPort: number | null
  /** `HTTP/1.0`, `HTTP/1.1`, `HTTP/2` or `HTTP/3`; a later minor version may add others. */
  readonly serverProtocol: string
  readonly urlScheme: 'http' | 'https'
  /** The client's address, as far as trusted proxies tell; `null` on a unix socket. */
  readonly remoteAddr: string | null
  readonly remotePort: number | null
  readonly headers: HeaderList
  /** The application may be called again while an earlier response is unfinished. */
  readonly multithread: boolean
  /** Other processes serve the same application. */
  readonly multiprocess: boolean
  /** This process serves one connection and exits. */
  readonly runOnce: boolean
}

/**
 * What an application is told about a request. A plain object: middleware passes on a changed copy with a spread,
 * `application({ ...environ, scriptName: '/shop' }, startResponse)`.
 * Names with a dot are a vendor's own: `'tsgi.peer'`, `'acme.session'`.
 */
export interface Environ extends EnvironData {
  readonly input: Input
  readonly errors: ErrorStream
  readonly server: ServerContext
  readonly [vendor: `${string}.${string}`]: unknown
}

/** `environ['tsgi.local']`: the server's end of the connection; `null` twice on a unix socket. */
export interface Local {
  readonly address: string | null
  readonly port: number | null
}

/** `environ['tsgi.tls']`: the TLS of the connection; present only where there is one. */
export interface Tls {
  /** Such as `TLSv1.3`. */
  readonly protocol: string
  /** By its name at IANA, such as `TLS_AES_128_GCM_SHA256`. */
  readonly cipher: string
  /** What was agreed, such as `http/1.1`; `null` where nothing was. */
  readonly alpn: string | null
  /** What the client asked for by SNI; `null` where it did not. */
  readonly serverName: string | null
  /** The client showed a certificate, and the server verified it. */
  readonly authorized: boolean
  /** Of that certificate, as RFC 4514 writes it: `CN=client,O=Acme`; `null` unless `authorized`. */
  readonly subject: string | null
}

/** `environ['tsgi.peer']`: the raw peer of the connection; present only where a trusted proxy's word replaced it. */
export interface Peer {
  readonly address: string | null
  readonly port: number | null
}
