/** The server of one process and one event loop: the application's start, the listeners, and an orderly end. */
import { ACCEPT_OPTIONS, HttpServer, logToStandardError } from '@tsgi/connection'
import type { SharedTls } from '@tsgi/connection/tls'
import { DEFAULT_TARGETS, listen, type Listener, urlOf } from '@tsgi/listeners'
import { ownMetrics, ProcessMetrics } from '@tsgi/metrics/counting'
import type { Application } from '@tsgi/spec'
import {
  type AppReference,
  type CloseOptions,
  type CloseResult,
  type ListenTarget,
  type Metric,
  type RunningServer,
  ServeError,
  type ServeOptions,
  type ServerModule,
} from '@tsgi/spec/server'
import { VERSION } from './version.ts'

/**
 * Runs the application's `startup`, then listens.
 *
 * @throws ServeError `TSGI_ERR_APP_LOAD`, `TSGI_ERR_STARTUP` or `TSGI_ERR_BIND`; nothing is left listening
 */
export async function serve(app: AppReference, options: ServeOptions = {}): Promise<RunningServer> {
  const application = await resolveApplication(app)
  const targets = options.listen ?? DEFAULT_TARGETS
  const certificates = await openCertificates(targets, options)
  try {
    return await serveWith(application, targets, options, certificates)
  } catch (error) {
    certificates?.close()
    throw error
  }
}

async function serveWith(
  application: Application,
  targets: readonly ListenTarget[],
  options: ServeOptions,
  certificates: SharedTls | null,
): Promise<RunningServer> {
  const http = new HttpServer(
    application,
    certificates === null ? options : { ...options, tls: certificates.options },
    {
      name: `tsgi-event-loop/${VERSION}`,
      multithread: true,
      multiprocess: false,
      runOnce: false,
    },
  )
  const { log } = http.settings
  await http.prepare(targets)
  certificates?.onChange(() => {
    http.renewTls(certificates.options).catch((error: unknown) => {
      log('error', 'the certificates stay as they were', { error })
    })
  })
  try {
    await application.startup?.()
  } catch (error) {
    throw new ServeError('TSGI_ERR_STARTUP', `the application's startup failed: ${messageOf(error)}`, error)
  }
  const listeners: Listener[] = []
  try {
    const settings = { backlog: options.backlog, acceptOptions: ACCEPT_OPTIONS }
    for (const target of targets) {
      listeners.push(await listen(target, settings, (server) => http.attach(server, target)))
    }
  } catch (error) {
    for (const listener of listeners) listener.close()
    await application.shutdown?.()
    throw error
  }
  const addresses = listeners.map(({ address }) => address)
  const processMetrics = options.metrics === true ? new ProcessMetrics('0', true) : null
  const metrics = async (): Promise<readonly Metric[]> => [
    ...http.metrics(),
    ...(processMetrics?.metrics() ?? []),
    ...(await ownMetrics((error) => log('error', "the application's own metrics cannot be collected", { error }))),
  ]
  let closing: Promise<CloseResult> | null = null

  const close = async (graceful: number | undefined): Promise<CloseResult> => {
    certificates?.close()
    http.announceStop()
    for (const listener of listeners) listener.close()
    const result = await http.drain({ graceful })
    processMetrics?.stop()
    await application.shutdown?.()
    return result
  }

  return {
    addresses,
    urls: addresses.map((address, index) => urlOf(address, targets[index])),
    stats: () => http.stats(),
    ready: () => http.ready(),
    announceStop: () => http.announceStop(),
    ...(processMetrics !== null && { metrics }),
    close({ graceful }: CloseOptions = {}): Promise<CloseResult> {
      if (closing === null) closing = close(graceful)
      else if (graceful === 0) void http.drain({ graceful })
      return closing
    },
  }
}

/** Where a listener needs them: what reads and watches them is loaded then only. */
async function openCertificates(
  listen: readonly ListenTarget[],
  { tls, log = logToStandardError }: ServeOptions,
): Promise<SharedTls | null> {
  if (!listen.some(({ protocol }) => protocol === 'https')) return null
  const { SharedTls } = await import('@tsgi/connection/tls')
  return await SharedTls.open({ tls, listen, log })
}

async function resolveApplication(app: AppReference): Promise<Application> {
  if (typeof app === 'function') return app
  const name = app.export ?? 'default'
  let module: Readonly<Record<string, unknown>>
  try {
    module = (await import(String(app.module))) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw new ServeError('TSGI_ERR_APP_LOAD', `cannot load ${String(app.module)}: ${messageOf(error)}`, error)
  }
  const exported = module[name]
  if (typeof exported !== 'function') {
    throw new ServeError(
      'TSGI_ERR_APP_LOAD',
      `${String(app.module)} has no function as its export "${name}"; it is ${typeof exported}`,
    )
  }
  if (app.config === undefined) return exported as Application
  try {
    return (await exported(app.config)) as Application
  } catch (error) {
    if (error instanceof ServeError) throw error
    throw new ServeError('TSGI_ERR_APP_LOAD', `cannot load the application: ${messageOf(error)}`, error)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const serverModule: ServerModule = { name: 'event-loop', inProcess: true, serve }
