/** A server module around a host of others: what is the same for every host, whatever it calls for a request. */
import type { Application } from '@tsgi/spec'
import {
  type AppReference,
  type CloseOptions,
  type CloseResult,
  type Limits,
  type ListenTarget,
  type Logger,
  type RunningServer,
  ServeError,
  type ServeOptions,
  type ServerModule,
  timerDelay,
  type Timeouts,
} from '@tsgi/spec/server'
import { DrainingError } from './errors.ts'

/** Where a host is to listen, and with which settings. A host uses those that it has; the adapter uses its own. */
export interface HostSettings {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
  /** Sizes in bytes. */
  readonly limits: Partial<Limits>
  /** In milliseconds. */
  readonly timeouts: Partial<Timeouts>
}

/** A host that listens. */
export interface ListeningHost {
  /** The port that it got. */
  readonly port: number
  /** Whether its clients speak TLS. Default false. */
  readonly secure?: boolean | undefined
  /**
   * Accepts no more connections, and resolves when the last one has ended. With `true` there is no time, or no more: it closes
   * those that are left. A call with `true` may follow one with `false`, which resolves then.
   */
  close(now: boolean): unknown
}

/** An application with what its adapter needs besides. */
export interface HostedApplication extends HostSettings {
  readonly application: Application
  readonly log: Logger
  readonly development: boolean
  /** Aborts when the server begins to stop. */
  readonly draining: AbortSignal
}

const GRACEFUL = 25_000

/** Options that a host of others has no way to follow. */
const UNUSED = [
  'backlog',
  'trustedProxies',
  'forwardedFields',
  'overload',
  'serverHeader',
  'access',
  'health',
  'ready',
] as const

/**
 * A server module around a host. `startup` runs before the host listens, `shutdown` when its last connection has ended.
 *
 * @param name of the server, as reports call it
 * @param listen starts the host; what it throws is a `ServeError` `TSGI_ERR_BIND` of the module
 */
export function defineHost(
  name: string,
  listen: (hosted: HostedApplication) => ListeningHost | Promise<ListeningHost>,
): ServerModule {
  return {
    name,
    inProcess: true,
    serve: async (app, options = {}) => {
      const application = applicationOf(app, name)
      const target = targetOf(options.listen, name)
      const { log = toStandardError, limits = {}, timeouts = {}, development = false } = options
      const unused = UNUSED.filter((option) => options[option] !== undefined)
      if (unused.length > 0) log('warn', `${name} does not have these options, and ignores them: ${unused.join(', ')}`)
      try {
        await application.startup?.()
      } catch (error) {
        throw new ServeError('TSGI_ERR_STARTUP', `the application's startup failed: ${messageOf(error)}`, error)
      }
      const requests = new Requests(application)
      const stopping = new AbortController()
      const { signal: draining } = stopping
      const settings = { ...target, limits, timeouts, log, development, draining }
      try {
        const host = await listen({ ...settings, application: requests.application })
        const stop = (): void => stopping.abort(new DrainingError())
        return running({ host, target, requests, stop, application, graceful: timeouts.graceful ?? GRACEFUL })
      } catch (error) {
        await application.shutdown?.()
        const place = `${target.host}:${target.port}`
        throw new ServeError('TSGI_ERR_BIND', `${name} cannot listen on ${place}: ${messageOf(error)}`, error)
      }
    },
  }
}

interface RunningParts {
  readonly host: ListeningHost
  readonly target: { readonly host: string }
  readonly requests: Requests
  readonly application: Application
  /** Milliseconds. */
  readonly graceful: number
  /** Tells the requests that the server stops. */
  stop(): void
}

function running({ host, target, requests, stop, application, graceful }: RunningParts): RunningServer {
  const { port, secure = false } = host
  const isV6 = target.host.includes(':')
  let closing: Promise<CloseResult> | null = null
  let cutOff = 0
  const closeNow = async (): Promise<void> => {
    cutOff += requests.active
    await host.close(true)
  }
  const hurry = (): void => {
    // The call before this one fails or succeeds for both.
    closeNow().catch(() => {})
  }
  const close = async (milliseconds: number): Promise<CloseResult> => {
    stop()
    if (milliseconds === 0) await closeNow()
    else {
      const timer = setTimeout(hurry, timerDelay(milliseconds))
      try {
        await host.close(false)
      } finally {
        clearTimeout(timer)
      }
    }
    await application.shutdown?.()
    return { cutOff }
  }
  return {
    addresses: [{ family: isV6 ? 'IPv6' : 'IPv4', host: target.host, port }],
    urls: [`${secure ? 'https' : 'http'}://${isV6 ? `[${target.host}]` : target.host}:${port}/`],
    stats: () => ({ connections: 0, active: requests.active, requests: requests.count, accepted: 0 }),
    close(options: CloseOptions = {}) {
      if (closing === null) closing = close(options.graceful ?? graceful)
      else if (options.graceful === 0) hurry()
      return closing
    },
  }
}

/** Counts them: a host tells nothing of its connections. */
class Requests {
  readonly application: Application
  active = 0
  count = 0

  constructor(application: Application) {
    const finished = (): void => void this.active--
    this.application = (environ, startResponse) => {
      this.active++
      this.count++
      environ.server.onFinish(finished)
      return application(environ, startResponse)
    }
  }
}

function applicationOf(app: AppReference, name: string): Application {
  if (typeof app === 'function') return app
  throw new ServeError(
    'TSGI_ERR_APP_LOAD',
    `${name} runs in this process: expected an application, got a reference to ${String(app.module)}; import it first`,
  )
}

const LOOPBACK: ListenTarget = { host: '127.0.0.1', port: 3000 }

function targetOf(listen: ServeOptions['listen'] = [LOOPBACK], name: string): { host: string; port: number } {
  const [target] = listen
  if (listen.length === 1 && target !== undefined && 'port' in target && isPlain(target)) return target
  throw new ServeError(
    'TSGI_ERR_OPTION',
    `${name} listens at one host and port: expected listen: [{ host, port }], got ${JSON.stringify(listen)}`,
  )
}

const isPlain = ({ protocol = 'http', proxyProtocol = false }: ListenTarget): boolean =>
  protocol === 'http' && !proxyProtocol

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const toStandardError: Logger = (level, message, fields) => {
  if (level === 'warn' || level === 'error') console.error(message, ...(fields === undefined ? [] : [fields['error']]))
}
