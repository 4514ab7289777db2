/** What stands in front of an application while it is developed. */
import type { LayerReference } from '@tsgi/loader'
import type { Application } from '@tsgi/spec'
import type { Environment } from '../environment.ts'
import { listenTargets } from '../serving/serve-options.ts'

/** Live reload where the server is started again on changes; the check of hosts always in dev, else where hosts are named. */
export function developmentLayers(environment: Environment): readonly LayerReference[] {
  const { settings, command } = environment
  const layers: LayerReference[] = []
  if (reloadsPages(environment)) layers.push({ module: import.meta.resolve('tsgi/live-reload') })
  if (command === 'dev' || (command === 'serve' && settings.allowedHosts.length > 0))
    layers.push({ module: import.meta.resolve('tsgi/allowed-hosts'), config: { hosts: allowedHosts(environment) } })
  return layers
}

/** The same for an application that is in this process already. */
export async function inFront(environment: Environment, application: Application): Promise<Application> {
  const { default: liveReload } = await import('./live-reload.ts')
  const { default: checkHosts } = await import('./allowed-hosts.ts')
  const inner = reloadsPages(environment) ? await liveReload(application, null) : application
  return checkHosts(inner, { hosts: allowedHosts(environment) })
}

const reloadsPages = ({ settings, command }: Environment) => command === 'dev' && settings.watch && settings.liveReload

/** Those that were named, and the names among the addresses to listen on. */
const allowedHosts = ({ settings }: Environment): readonly string[] => [
  ...settings.allowedHosts,
  ...listenTargets(settings).flatMap((target) => ('host' in target ? target.host : [])),
]
