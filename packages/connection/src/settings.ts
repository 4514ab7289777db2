/** A server's options with every default in place, resolved once at its start. */
import { DEFAULT_FORWARDED_FIELDS, trustedProxies, type ForwardedField, type TrustedProxies } from '@tsgi/http-fields'
import type { AccessRecord, Limits, Logger, Overload, ServeOptions, Timeouts, TlsOptions } from '@tsgi/spec/server'

export const DEFAULT_LIMITS: Limits = Object.freeze({
  maxHeaderSize: 16 * 1024,
  maxHeaders: 100,
  maxTargetSize: 8 * 1024,
  maxBodySize: 128 * 1024 * 1024,
  drainLimit: 64 * 1024,
  maxConnections: 10_000,
})

export const DEFAULT_TIMEOUTS: Timeouts = Object.freeze({
  headers: 10_000,
  body: 300_000,
  minBodyRate: 500,
  write: 60_000,
  keepAlive: 75_000,
  halfClose: 5_000,
  graceful: 25_000,
})

/** What the process is, for the environ and the `server` context. */
export interface ProcessFacts {
  /** Name and version, such as `tsgi-event-loop/1.0.0`. */
  readonly name: string
  readonly multithread: boolean
  readonly multiprocess: boolean
  readonly runOnce: boolean
}

export interface Settings extends ProcessFacts {
  readonly limits: Limits
  readonly timeouts: Timeouts
  /** `null` where nobody is trusted, which is then free on a request's path. */
  readonly proxies: TrustedProxies | null
  readonly forwardedFields: readonly ForwardedField[]
  readonly overload: Overload
  /** Value of the `server` field; `''` where it is not sent. */
  readonly serverHeader: string
  /** `server: … CRLF`, or `''`. */
  readonly serverLine: string
  readonly development: boolean
  readonly tls: TlsOptions | null
  readonly log: Logger
  readonly access: ((record: AccessRecord) => void) | null
  readonly health: string | null
  readonly ready: string | null
  /** Count what happens. */
  readonly metrics: boolean
}

export function resolveSettings(options: ServeOptions, facts: ProcessFacts): Settings {
  const proxies = options.trustedProxies ?? []
  return {
    name: facts.name,
    multithread: facts.multithread,
    multiprocess: facts.multiprocess,
    runOnce: facts.runOnce,
    limits: withDefaults(DEFAULT_LIMITS, options.limits),
    timeouts: withDefaults(DEFAULT_TIMEOUTS, options.timeouts),
    proxies: proxies.length > 0 ? trustedProxies(proxies) : null,
    forwardedFields: options.forwardedFields ?? DEFAULT_FORWARDED_FIELDS,
    overload: options.overload ?? 'queue',
    serverHeader: options.serverHeader ?? '',
    serverLine: options.serverHeader === undefined ? '' : `server: ${options.serverHeader}\r\n`,
    development: options.development ?? false,
    tls: options.tls ?? null,
    log: options.log ?? logToStandardError,
    access: options.access ?? null,
    health: options.health ?? null,
    ready: options.ready ?? null,
    metrics: options.metrics ?? false,
  }
}

function withDefaults<T extends object>(defaults: T, given: Partial<T> | undefined): T {
  const resolved = { ...defaults }
  for (const key of Object.keys(given ?? {}) as (keyof T)[]) {
    const value = given?.[key]
    if (value !== undefined) resolved[key] = value
  }
  return resolved
}

/** Warnings and errors, one line each and the stack of an error. */
export const logToStandardError: Logger = (level, message, fields) => {
  if (level === 'debug' || level === 'info') return
  const error = fields?.['error']
  const detail =
    error instanceof Error ? `\n${error.stack ?? error.message}` : error === undefined ? '' : ` ${String(error)}`
  process.stderr.write(`${level}: ${message}${detail}\n`)
}
