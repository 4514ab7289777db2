/** A process for one connection: the application is loaded before it comes, and the process ends with it. */
import { ACCEPT_OPTIONS, AcceptedSocket, HttpServer } from '@tsgi/connection'
import type { Served } from '@tsgi/supervisor'
import { loadApplication, startApplication, type WorkerHost, type WorkerService } from '@tsgi/supervisor/worker'
import { rehearse } from './rehearsal.ts'
import { VERSION } from './version.ts'

export async function oneConnection(host: WorkerHost): Promise<WorkerService> {
  const { app, options } = host.settings as unknown as Served
  process.env['TSGI_WORKER'] = String(host.worker)
  const application = await loadApplication(app, host.importModule)
  const http = new HttpServer(
    application,
    { ...options, log: host.log, access: host.access, metrics: host.metrics },
    { name: `tsgi-process/${VERSION}`, multithread: false, multiprocess: true, runOnce: true },
  )
  await http.prepare(host.listen)
  await startApplication(application)
  return {
    acceptOptions: ACCEPT_OPTIONS,
    attach: (listener, target) =>
      listener.on('connection', (socket) => {
        // In this same tick, so that the next connection is for another process.
        host.taken()
        http.accept(new AcceptedSocket(socket), target)
        // After the connection's own listener, so that an application is not notified of a stop when its client leaves (U.8).
        socket.once('close', () => host.finish(http.settings.timeouts.graceful))
      }),
    stats: () => http.stats(),
    ready: () => http.ready(),
    announceStop: () => http.announceStop(),
    metrics: () => http.metrics(),
    drain: (limits) => http.drain(limits),
    rehearse,
    renew: (renewed) => renewTls(http, renewed as unknown as Served),
    shutdown: () => application.shutdown?.(),
  }
}

/** Where it speaks TLS. */
export async function renewTls(http: HttpServer, { options: { tls } }: Served): Promise<void> {
  if (tls !== undefined) await http.renewTls(tls)
}
