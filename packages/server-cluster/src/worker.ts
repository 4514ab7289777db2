/** A worker: the event-loop server's work on inherited sockets. */
import { ACCEPT_OPTIONS, HttpServer } from '@tsgi/connection'
import type { Served } from '@tsgi/supervisor'
import { loadApplication, runWorker, startApplication } from '@tsgi/supervisor/worker'
import { VERSION } from './version.ts'

/** Where it speaks TLS. */
async function renewTls(http: HttpServer, { options: { tls } }: Served): Promise<void> {
  if (tls !== undefined) await http.renewTls(tls)
}

runWorker(async ({ settings, listen, slot, log, access, metrics }) => {
  const { app, options } = settings as unknown as Served
  process.env['TSGI_WORKER'] = String(slot)
  const application = await loadApplication(app)
  const http = new HttpServer(
    application,
    { ...options, log, access, metrics },
    { name: `tsgi-cluster/${VERSION}`, multithread: true, multiprocess: true, runOnce: false },
  )
  await http.prepare(listen)
  await startApplication(application)
  return {
    acceptOptions: ACCEPT_OPTIONS,
    attach: (listener, target) => http.attach(listener, target),
    stats: () => http.stats(),
    ready: () => http.ready(),
    announceStop: () => http.announceStop(),
    metrics: () => http.metrics(),
    drain: (limits) => http.drain(limits),
    renew: (renewed) => renewTls(http, renewed as unknown as Served),
    shutdown: () => application.shutdown?.(),
  }
})
