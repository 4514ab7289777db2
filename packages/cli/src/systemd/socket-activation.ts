/** Sockets that systemd has opened for this service (sd_listen_fds(3)). */
import type { ListenTarget } from '@tsgi/spec/server'
import { UsageError } from '../usage-error.ts'

const FIRST = 3

/**
 * The sockets that were handed to this process by `LISTEN_FDS`; none where the variables are for another one. They are taken out of
 * the environment, since the descriptors are not for what this process starts.
 *
 * @throws UsageError where `LISTEN_FDS` is no number
 */
export function handedSockets(env: NodeJS.ProcessEnv): readonly ListenTarget[] {
  const { LISTEN_PID: pid, LISTEN_FDS: count } = env
  if (Number(pid) !== process.pid || count === undefined) return []
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete env[name]
  if (!/^\d{1,4}$/.test(count)) throw new UsageError([`LISTEN_FDS=${count}: expected how many sockets there are.`])
  return Array.from({ length: Number(count) }, (_, index) => ({ fd: FIRST + index }))
}
