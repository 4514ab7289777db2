import { runWorker, TURN_AWAY } from '@tsgi/supervisor/worker'
import { oneConnection } from './one-connection.ts'
import { turnAway } from './turn-away.ts'

runWorker((host) => (host.slot === TURN_AWAY ? turnAway(host) : oneConnection(host)))
