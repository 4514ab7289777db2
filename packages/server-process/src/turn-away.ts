/** The process that answers 503 while all others are taken (`overload: '503'`). It never sees the application. */
import { ACCEPT_OPTIONS, HttpServer } from '@tsgi/connection'
import type { Application } from '@tsgi/spec'
import type { Served } from '@tsgi/supervisor'
import type { WorkerHost, WorkerService } from '@tsgi/supervisor/worker'
import { renewTls } from './one-connection.ts'
import { VERSION } from './version.ts'

const unavailable: Application = (_environ, startResponse) => {
  startResponse(503, ['retry-after', '1', 'connection', 'close'])
  return null
}

// More requests are of no use where all processes are taken.
unavailable.ready = () => false

export async function turnAway(host: WorkerHost): Promise<WorkerService> {
  const { options } = host.settings as unknown as Served
  const http = new HttpServer(
    unavailable,
    { ...options, log: host.log, access: host.access, metrics: host.metrics },
    { name: `tsgi-process/${VERSION}`, multithread: true, multiprocess: true, runOnce: false },
  )
  await http.prepare(host.listen)
  return {
    acceptOptions: ACCEPT_OPTIONS,
    attach: (listener, target) => http.attach(listener, target),
    stats: () => http.stats(),
    ready: () => http.ready(),
    announceStop: () => http.announceStop(),
    metrics: () => http.metrics(),
    drain: (limits) => http.drain(limits),
    renew: (renewed) => renewTls(http, renewed as unknown as Served),
  }
}
