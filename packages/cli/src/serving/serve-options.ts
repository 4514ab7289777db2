import type { AccessRecord, ListenTarget, Logger, ServeOptions } from '@tsgi/spec/server'
import type { Settings } from '../settings/settings.ts'

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
  }
}

export function listenTargets({ bind, host, port }: Settings): readonly ListenTarget[] {
  return bind.length > 0 ? bind : [{ host, port }]
}
