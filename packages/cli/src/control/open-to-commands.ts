import type { Logger } from '@tsgi/spec/server'
import { openControl, type ControlActions, type ControlSocket } from '@tsgi/supervisor'
import { dirname } from 'node:path'
import type { Environment } from '../environment.ts'
import { controlFolder, controlPlace, makeControlFolder, type Reached } from './control-place.ts'

/**
 * Lets `tsgi reload`, `status`, `stop` and `scale` reach this process. Where that cannot be, as on a file system that is read
 * only, serving goes on without them.
 */
export async function openToCommands(
  { settings, cwd }: Environment,
  reached: Reached,
  actions: ControlActions,
  log: Logger,
): Promise<ControlSocket | undefined> {
  const place = controlPlace(settings.pidFile, reached, cwd)
  if (place === undefined) return undefined
  try {
    if (dirname(place) === controlFolder()) makeControlFolder()
    return await openControl(place, actions)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    log('warn', `tsgi reload, status, stop and scale do not reach this server: ${why}`)
    return undefined
  }
}
