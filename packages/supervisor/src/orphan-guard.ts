/**
 * What ends a worker when its supervisor is gone, even if the worker is in an endless loop.
 *
 * On Linux the system does it: `setpriv --pdeathsig KILL` (util-linux 2.33 and later) asks for the signal and then becomes the
 * worker. It costs a millisecond. Elsewhere the worker has a watchdog thread (10 MB and 35 ms).
 */
import { spawnSync } from 'node:child_process'

export interface OrphanGuard {
  /** Put before the command. */
  readonly prefix: readonly string[]
  /** Whether the worker has to watch by itself. */
  readonly watchdog: boolean
}

const WATCHDOG: OrphanGuard = { prefix: [], watchdog: true }

let found: OrphanGuard | null = null

export function orphanGuard(): OrphanGuard {
  found ??= find()
  return found
}

function find(): OrphanGuard {
  if (process.platform !== 'linux') return WATCHDOG
  const prefix = ['setpriv', '--pdeathsig', 'KILL', '--']
  // Some systems have a setpriv without this option.
  const { status } = spawnSync(prefix[0] as string, [...prefix.slice(1), 'true'], { stdio: 'ignore' })
  return status === 0 ? { prefix, watchdog: false } : WATCHDOG
}
