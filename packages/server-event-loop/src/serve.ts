/** The server of one process and one event loop: the application's start, the listeners, and an orderly end. */
import { ACCEPT_OPTIONS, HttpServer } from '@tsgi/connection'
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
  const http = new HttpServer(application, options, {
    name: `tsgi-event-loop/${VERSION}`,
    multithread: true,
    multiprocess: false,
    runOnce: false,
  })
  await http.prepare(targets)
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
  const certificates = await watchCertificates(http, targets, options)
  const addresses = listeners.map(({ address }) => address)
  const processMetrics = options.metrics === true ? new ProcessMetrics('0', true) : null
  const metrics = async (): Promise<readonly Metric[]> => [
    ...http.metrics(),
    ...(processMetrics?.metrics() ?? []),
    ...(await ownMetrics((error) =>
      http.settings.log('error', "the application's own metrics cannot be collected", { error }),
    )),
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

/** Serves new certificates as they come. `null` where no listener needs one. */
async function watchCertificates(
  http: HttpServer,
  targets: readonly ListenTarget[],
  { tls }: ServeOptions,
): Promise<{ close(): void } | null> {
  if (tls === undefined || !targets.some(({ protocol }) => protocol === 'https')) return null
  const { CertificateWatch } = await import('@tsgi/connection/tls')
  const { log } = http.settings
  return new CertificateWatch(tls, log, (read) => {
    http.renewTls(read).catch((error: unknown) => log('error', 'the certificates stay as they were', { error }))
  })
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
