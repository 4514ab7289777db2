import type { RunningServer } from '@tsgi/spec/server'
import type { SupervisedServer } from '@tsgi/supervisor'

/** Whether processes of its own do the work, which can be counted and told about. */
export function isSupervised(server: RunningServer): server is SupervisedServer {
  return 'scale' in server && 'status' in server && 'ended' in server
}
