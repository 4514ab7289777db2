import type { AccessRecord, ListenTarget, Logger, ServeOptions } from '@tsgi/spec/server'
import { UsageError } from '../usage-error.ts'
import type { Settings } from '../settings/settings.ts'
import { isSecure } from './tls-options.ts'

export interface Observers {
  readonly log: Logger
  readonly access: ((record: AccessRecord) => void) | undefined
}

/** Settings in the terms of the server contract, but for where to listen. */
export function serveOptions(settings: Settings, development: boolean, { log, access }: Observers): ServeOptions {
  return {
    backlog: settings.backlog,
    limits: {
      maxHeaderSize: settings.maxHeaderSize,
      maxHeaders: settings.maxHeaders,
      maxTargetSize: settings.maxTargetSize,
      maxBodySize: settings.maxBodySize,
      drainLimit: settings.drainLimit,
      maxConnections: settings.maxConnections,
    },
    timeouts: {
      headers: settings.headersTimeout,
      body: settings.bodyTimeout,
      minBodyRate: settings.minBodyRate,
      write: settings.writeTimeout,
      keepAlive: settings.keepAliveTimeout,
      halfClose: settings.halfCloseTimeout,
      graceful: settings.gracefulTimeout,
    },
    trustedProxies: settings.forwardedAllowIps,
    forwardedFields: settings.forwardedFields,
    overload: settings.overload,
    serverHeader: settings.serverHeader,
    development,
    log,
    access,
    health: settings.health,
    ready: settings.ready,
    metrics: settings.metrics !== undefined,
  }
}

/** @throws UsageError where permissions are asked for and nothing has any */
export function listenTargets(settings: Settings): readonly ListenTarget[] {
  const { bind, host, port, socketMode: mode } = settings
  const place = { host, port }
  const asked = bind.length > 0 ? bind : [isSecure(settings) ? { ...place, protocol: 'https' as const } : place]
  const targets = settings.proxyProtocol ? asked.map((target) => ({ ...target, proxyProtocol: true })) : asked
  if (mode === undefined) return targets
  if (targets.every((target) => 'host' in target)) {
    throw new UsageError([
      '--socket-mode: this server listens on no unix socket.',
      'Name one with -b unix:/run/site.sock, or leave --socket-mode out.',
    ])
  }
  return targets.map((target) => ('path' in target ? { ...target, mode } : target))
}
