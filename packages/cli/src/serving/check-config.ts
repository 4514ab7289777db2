import { loadEntry } from '@tsgi/loader/entry'
import type { Environment } from '../environment.ts'
import { withinBootTimeout } from './boot-timeout.ts'
import { serverModule } from './server-module.ts'
import { planServing } from './serving-plan.ts'

/**
 * Loads all that serving takes, and says so.
 *
 * @throws UsageError, LoadError as {@link runServer} would
 */
export async function checkConfig(environment: Environment): Promise<string> {
  const { settings, cwd, app } = environment
  const plan = planServing(environment)
  const module = await serverModule(settings.server, cwd)
  const { found } = await withinBootTimeout(() => loadEntry(plan), settings.bootTimeout)
  const what =
    found === null
      ? 'static files alone'
      : `${app?.text} (${found.export === null ? '' : `${found.export}: `}${found.what})`
  return `It would start: ${what} on the server ${module.name}.\n`
}
