/** A process for one connection: the application is loaded before it comes, and it ends with it. */
import { ACCEPT_OPTIONS, AcceptedSocket, HttpServer } from '@tsgi/connection'
import type { Served } from '@tsgi/supervisor'
import { loadApplication, runWorker, startApplication } from '@tsgi/supervisor/worker'
import { VERSION } from './version.ts'

runWorker(async ({ settings, worker, log, access, taken, finish }) => {
  const { app, options } = settings as unknown as Served
  process.env['TSGI_WORKER'] = String(worker)
  const application = await loadApplication(app)
  const http = new HttpServer(
    application,
    { ...options, log, access },
    { name: `tsgi-process/${VERSION}`, multithread: false, multiprocess: true, runOnce: true },
  )
  await startApplication(application)
  return {
    acceptOptions: ACCEPT_OPTIONS,
    attach: (listener) =>
      listener.on('connection', (socket) => {
        taken()
        socket.once('close', () => finish(http.settings.timeouts.graceful))
        http.accept(new AcceptedSocket(socket))
      }),
    stats: () => http.stats(),
    drain: (limits) => http.drain(limits),
    shutdown: () => application.shutdown?.(),
  }
})
