import { dirname } from 'node:path'
import type { Logger } from '@tsgi/spec/server'
import { openControl, type ControlSocket, type SupervisedServer } from '@tsgi/supervisor'
import type { Environment } from '../environment.ts'
import type { Lifetime } from '../serving/lifetime.ts'
import { controlFolder, controlPlace, makeControlFolder } from './control-place.ts'

/**
 * Lets `tsgi reload`, `status`, `stop` and `scale` reach this process. Where that cannot be, as on a file system that is read
 * only, serving goes on without them.
 */
export async function openToCommands(
  { settings, cwd }: Environment,
  server: SupervisedServer,
  lifetime: Lifetime,
  log: Logger,
): Promise<ControlSocket | undefined> {
  const [address] = server.addresses
  const place = address && controlPlace(settings.pidFile, address, cwd)
  if (place === undefined) return undefined
  try {
    if (dirname(place) === controlFolder()) makeControlFolder()
    return await openControl(place, {
      status: () => server.status(),
      reload: () => server.reload(),
      scale: (to) => server.scale(to),
      stop(graceful) {
        lifetime.stop('tsgi stop', graceful === 0)
        return server.ended
      },
    })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    log('warn', `tsgi reload, status, stop and scale do not reach this server: ${why}`)
    return undefined
  }
}
