/** What a server module is: one contract, so that an application moves between servers by one name. */
import type { Application } from './application.ts'
import type { HeaderList } from './header-list.ts'

export { timerDelay } from './timer-delay.ts'

/** Plain data that crosses a process boundary. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Where an application is found. With `config`, the export is `(config) => Awaitable<Application>`: that is how static
 * files, adapters and options reach a child process.
 */
export interface ModuleReference {
  /** A `file:` URL, an absolute path or a package name. */
  readonly module: string | URL
  /** Name of the export; `default` when absent. */
  readonly export?: string | undefined
  readonly config?: Json | undefined
}

/** An application, or where to find it. Servers that start processes need the latter: a function cannot cross. */
export type AppReference = Application | ModuleReference

/** What a listener's clients speak: HTTP, HTTP over TLS, or what a gateway such as nginx speaks to a program behind it. */
export type ListenProtocol = 'http' | 'https' | 'uwsgi' | 'fastcgi'

/** How the connections of a listener are read. */
export interface ListenTargetOptions {
  /** Default `http`. */
  readonly protocol?: ListenProtocol | undefined
  /**
   * Every connection begins with a header of the PROXY protocol, version 1 or 2, which names the client. Only from
   * {@link ServeOptions.trustedProxies}; others are closed. Default false.
   */
  readonly proxyProtocol?: boolean | undefined
}

/**
 * Where to listen. `port: 0` asks the system for a free port. `path` is a unix socket; one that begins with a zero byte is a
 * name of Linux's abstract namespace and no file. `mode` has the permissions of the file, which it has before anybody can
 * connect; absent, they are what the umask leaves of 777. `fd` is a listening socket that was inherited.
 */
export type ListenTarget = ListenTargetOptions &
  (
    | { readonly host: string; readonly port: number }
    | { readonly path: string; readonly mode?: number | undefined }
    | { readonly fd: number }
  )

/** Where a server listens, as the system says. */
export type Address =
  | { readonly family: 'IPv4' | 'IPv6'; readonly host: string; readonly port: number }
  | { readonly family: 'unix'; readonly path: string }

/** Caps on what a client may send. Sizes in bytes. */
export interface Limits {
  /** All field lines of a head together; more is 431. Default 16 KiB. */
  readonly maxHeaderSize: number
  /** Number of field lines; more is 431. Default 100. */
  readonly maxHeaders: number
  /** Request target; longer is 414. Default 8 KiB. */
  readonly maxTargetSize: number
  /** Request body; larger is 413. Default 128 MiB. */
  readonly maxBodySize: number
  /** Unread rest of a body that is read and thrown away to keep the connection; beyond it the connection closes. Default 64 KiB. */
  readonly drainLimit: number
  /** Connections at once. Default 10,000, and always below the process's limit of descriptors. */
  readonly maxConnections: number
}

/** All in milliseconds but `minBodyRate`; 0 switches one off. */
export interface Timeouts {
  /** From the first byte of a request to the end of its head; later is 408. Default 10 s. */
  readonly headers: number
  /** For a whole request body, while the server wants it; later is 408. Default 300 s. */
  readonly body: number
  /** Bytes per second that a body must bring while the server wants it, after the first five seconds. Default 500. */
  readonly minBodyRate: number
  /** Without the client taking a byte of a waiting response. Default 60 s. */
  readonly write: number
  /** Between two requests of a connection. Default 75 s: longer than load balancers wait, since the shorter side loses a race. */
  readonly keepAlive: number
  /** After the client's half-close, without it accepting a byte. Default 5 s. */
  readonly halfClose: number
  /** How long `close()` waits for responses in flight. Default 25 s. */
  readonly graceful: number
}

/** What a server does with connections over `maxConnections`: leave them in the kernel's queue, or answer 503. */
export type Overload = 'queue' | '503'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Where a server's log goes. `fields` may hold `error`. Never throws. */
export interface Logger {
  (level: LogLevel, message: string, fields?: { readonly [name: string]: unknown }): void
}

/** One finished request, for an access log. */
export interface AccessRecord {
  /** Wall clock at the request's head, milliseconds since 1970. */
  readonly time: number
  readonly remoteAddr: string | null
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly protocol: string
  readonly status: number
  /** Of the body, as sent on the wire before chunk framing. */
  readonly bytes: number
  /** From the head's arrival to the last byte handed to the kernel, milliseconds. */
  readonly duration: number
  readonly requestHeaders: HeaderList
  /** Whether the response went out whole. */
  readonly complete: boolean
}

/** A metric in the terms of Prometheus, as data: names, labels and what was counted. */
export interface Metric {
  /** Such as `http_server_request_duration_seconds`. */
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  /** How a gauge of several processes becomes one value; absent: their sum. `omit` leaves it out. */
  readonly aggregator?: 'sum' | 'first' | 'min' | 'max' | 'average' | 'omit'
  readonly values: readonly MetricValue[]
}

export interface MetricValue {
  readonly labels: { readonly [name: string]: string | number }
  readonly value: number
  /** Where it is not the metric's own: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string
}

/** X-Forwarded-For, -Proto, -Host and -Port, and Forwarded (RFC 7239) as a whole. */
export type ForwardedField = 'for' | 'proto' | 'host' | 'port' | 'forwarded'

/** A certificate and its key, in PEM: each the path of a file, or the text itself. */
export interface TlsCertificate {
  /** With the certificates of its issuers behind it. */
  readonly cert: string
  readonly key: string
}

/** How listeners with the protocol `https` speak TLS. HTTP/2 and HTTP/1.1 are offered on each (ALPN). */
export interface TlsOptions {
  /** At least one. The first is for clients that name no server, or an unknown one; others are chosen by SNI. */
  readonly certificates: readonly TlsCertificate[]
  /** Who may have issued the certificates of clients: paths of PEM files, or their text. */
  readonly ca?: readonly string[] | undefined
  /** Whether clients are asked for a certificate, and turned away without a valid one. Default: not asked. */
  readonly clientAuth?: 'request' | 'require' | undefined
  /** Default `TLSv1.2`. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** What the keys of tickets are derived from, so that clients resume on every process that has it. Default: each server draws its own. */
  readonly tickets?: TicketSecret | undefined
}

/** The state that keys of tickets are derived from. It moves on with time, and never back. */
export interface TicketSecret {
  /** 32 bytes in base64. */
  readonly secret: string
  /** The period of 12 hours since 1970 that the secret is of. */
  readonly period: number
}

export interface ServeOptions {
  /** Default: `[{ host: '127.0.0.1', port: 3000 }]`. */
  readonly listen?: readonly ListenTarget[] | undefined
  /** For listeners with the protocol `https`, which need it. */
  readonly tls?: TlsOptions | undefined
  /** Length of the kernel's queue. Default 2048. */
  readonly backlog?: number | undefined
  readonly limits?: Partial<Limits> | undefined
  readonly timeouts?: Partial<Timeouts> | undefined
  /** Addresses and CIDR blocks whose forwarding fields are believed; `'unix'` for peers on a unix socket. Default: none. */
  readonly trustedProxies?: readonly string[] | undefined
  /**
   * The fields that every trusted proxy sets or removes. Others are not believed: a proxy that does not know them passes on
   * what the client wrote. Default: `for` and `proto`.
   */
  readonly forwardedFields?: readonly ForwardedField[] | undefined
  readonly overload?: Overload | undefined
  /** Value of the `server` field; absent: no such field. */
  readonly serverHeader?: string | undefined
  /** Development mode shows an application's errors to the client. Default false. */
  readonly development?: boolean | undefined
  /** Default: warnings and errors to standard error. */
  readonly log?: Logger | undefined
  /** Called after each response; absent, requests cost nothing for it. */
  readonly access?: ((record: AccessRecord) => void) | undefined
  /** A path, such as `/healthz`, that the server answers 200 itself. */
  readonly health?: string | undefined
  /** A path, such as `/readyz`, that the server answers itself: 200, or 503 where requests should go elsewhere. */
  readonly ready?: string | undefined
  /** Count what {@link RunningServer.metrics} returns. Default false: requests cost nothing for it. */
  readonly metrics?: boolean | undefined
}

export interface CloseOptions {
  /** Milliseconds for responses in flight; 0 ends at once. Default: `timeouts.graceful`. */
  readonly graceful?: number | undefined
}

export interface ServerStats {
  /** Open now. */
  readonly connections: number
  /** Requests being answered now. */
  readonly active: number
  /** Since the start. */
  readonly requests: number
  /** Connections accepted since the start. */
  readonly accepted: number
}

export interface RunningServer {
  readonly addresses: readonly Address[]
  /** Such as `http://127.0.0.1:3000/`, `uwsgi://127.0.0.1:3031`; `http+unix:`, `uwsgi+unix:` for unix sockets. */
  readonly urls: readonly string[]
  /** Loads the application anew without losing a request, where the server can. Once it resolves, who connects reaches the new code. */
  reload?(): Promise<void>
  stats(): ServerStats
  /**
   * What was counted since the start, of all processes; counters never fall. Absent where the server does not count, or was not
   * asked to.
   */
  readonly metrics?: (() => Promise<readonly Metric[]>) | undefined
  /** Whether requests should be sent here now: it accepts, does not stop, and the application does not say otherwise (SPEC M.4). */
  ready?(): Promise<boolean>
  /** The server will be closed soon: from now on it is not ready, and serves on. */
  announceStop?(): void
  /** Stops accepting, finishes what is in flight, runs the application's `shutdown`. Resolves to nothing; whether some
   *  responses were cut off at the limit is told by the result. A second call with `graceful: 0` hurries the first. */
  close(options?: CloseOptions): Promise<CloseResult>
}

export interface CloseResult {
  /** Responses that were cut off at the graceful limit. */
  readonly cutOff: number
}

export interface ServerModule {
  /** Such as `event-loop`. */
  readonly name: string
  /** Whether the application runs in the caller's process, so that a function may be handed over. */
  readonly inProcess: boolean
  /**
   * Runs the application's `startup`, then listens. Resolves when connections are accepted.
   *
   * @throws ServeError when the application's startup fails (`TSGI_ERR_STARTUP`) or an address cannot be bound (`TSGI_ERR_BIND`)
   */
  serve(app: AppReference, options?: ServeOptions): Promise<RunningServer>
}

export type ServeErrorCode =
  | 'TSGI_ERR_APP_LOAD'
  | 'TSGI_ERR_STARTUP'
  | 'TSGI_ERR_BIND'
  | 'TSGI_ERR_OPTION'
  | 'TSGI_ERR_NEEDS_REFERENCE'

/** Why a server did not start. `code` is stable; the message says what was expected, what came and what to do. */
export class ServeError extends Error {
  readonly code: ServeErrorCode
  constructor(code: ServeErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'ServeError'
    this.code = code
  }
}
