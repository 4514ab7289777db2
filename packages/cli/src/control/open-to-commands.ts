import { dirname } from 'node:path'
import { type Logger, type RunningServer, ServeError } from '@tsgi/spec/server'
import { type ControlActions, type ControlSocket, type FleetStatus, openControl } from '@tsgi/supervisor'
import type { Environment } from '../environment.ts'
import type { Lifetime } from '../serving/lifetime.ts'
import { isSupervised } from '../serving/supervised.ts'
import { controlFolder, controlPlace, makeControlFolder } from './control-place.ts'

/**
 * Lets `tsgi reload`, `status`, `stop` and `scale` reach this process. Where that cannot be, as on a file system that is read
 * only, serving goes on without them.
 */
export async function openToCommands(
  { settings, cwd }: Environment,
  server: RunningServer,
  lifetime: Lifetime,
  log: Logger,
): Promise<ControlSocket | undefined> {
  const [address] = server.addresses
  const place = address && controlPlace(settings.pidFile, address, cwd)
  if (place === undefined) return undefined
  try {
    if (dirname(place) === controlFolder()) makeControlFolder()
    return await openControl(place, actionsOf(server, lifetime))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    log('warn', `tsgi reload, status, stop and scale do not reach this server: ${why}`)
    return undefined
  }
}

function actionsOf(server: RunningServer, lifetime: Lifetime): ControlActions {
  const stop = (graceful: number | undefined): void => lifetime.stop('tsgi stop', graceful === 0)
  if (isSupervised(server)) {
    return {
      status: () => server.status(),
      reload: () => server.reload(),
      scale: (to) => server.scale(to),
      stop(graceful) {
        stop(graceful)
        return server.ended
      },
    }
  }
  return {
    status: () => Promise.resolve(ownStatus(server)),
    async reload() {
      if (server.reload !== undefined) return server.reload()
      throw new ServeError('TSGI_ERR_OPTION', `${WITHOUT_WORKERS} Stop and start it, or use --server cluster`)
    },
    scale() {
      throw new ServeError('TSGI_ERR_OPTION', `${WITHOUT_WORKERS} --server cluster has workers`)
    },
    async stop(graceful) {
      stop(graceful)
      await lifetime.ended
      // It has closed by now; this is how many responses that cut off.
      return server.close()
    },
  }
}

const WITHOUT_WORKERS = 'the event-loop server is one process, without workers to replace or to add.'

/** Of a server that is this process, in the terms of those that have workers. */
function ownStatus(server: RunningServer): FleetStatus {
  const age = Math.round(performance.now())
  const counts = server.stats()
  const own = { worker: 1, slot: 0, pid: process.pid, generation: 1, phase: 'accepting', age, silent: 0 } as const
  return {
    ...counts,
    pid: process.pid,
    urls: server.urls,
    phase: 'running',
    generation: 1,
    size: 1,
    age,
    workers: [{ ...own, ...counts, reason: null, memory: process.memoryUsage.rss() }],
    restarts: 0,
    ends: [],
  }
}
