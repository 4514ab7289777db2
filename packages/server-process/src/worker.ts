/** The program of a process: its start calls it, since what is compiled by hand cannot import by itself. */
import { runWorker, TURN_AWAY, type WorkerOrigin } from '@tsgi/supervisor/worker'
import { oneConnection } from './one-connection.ts'
import { turnAway } from './turn-away.ts'

export function run(origin: WorkerOrigin): void {
  runWorker((host) => (host.slot === TURN_AWAY ? turnAway(host) : oneConnection(host)), origin)
}
