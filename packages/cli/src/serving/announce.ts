import { formatTarget } from '@tsgi/listeners'
import type { Found } from '@tsgi/loader/entry'
import type { RunningServer } from '@tsgi/spec/server'
import type { Environment } from '../environment.ts'
import type { Outputs } from '../logs/outputs.ts'
import { version } from '../version.ts'
import { banner } from './banner.ts'
import type { Started } from './started.ts'
import { isSupervised } from './supervised.ts'

/**
 * Says that the server runs, and where: the banner on a terminal, else a line of the log.
 *
 * @param again whether it was said before
 */
export function announce(
  environment: Environment,
  { server, module, entry }: Started,
  outputs: Outputs,
  again: boolean,
): void {
  const { settings, origins, app } = environment
  const files = settings.static
    .map(({ prefix, folder }) => (prefix === '' ? folder : `${folder} at ${prefix}`))
    .join(', ')
  const found = entry?.found
  const what = app?.what ?? (found ? describeFound(found) : undefined)
  const also = found?.alsoListening().join(', ') || undefined
  if (again || !outputs.pretty) {
    const fields = again
      ? {}
      : { app: app?.text, what, also, static: files || undefined, server: module.name, pid: process.pid }
    outputs.log('info', `listening on ${server.urls.join(' ')}`, fields)
    return
  }
  outputs.print(
    banner({
      version,
      server: isSupervised(server) ? `${module.name} × ${server.size}` : module.name,
      node: process.versions.node,
      mode: process.env['NODE_ENV'] ?? '',
      app: app?.text,
      what,
      also,
      files,
      addresses: server.addresses,
      urls: server.urls,
      openedByPort: settings.bind.length === 0 && origins.host === 'because PORT is set',
      trusted: settings.forwardedAllowIps,
      reload: settings.watch
        ? 'watch'
        : isSupervised(server)
          ? 'command'
          : server.reload === undefined
            ? 'restart'
            : 'signal',
      which: whichServer(environment, server),
      pid: process.pid,
    }),
  )
}

/** The flag by which commands find this server; none where they look for it by themselves. */
function whichServer({ settings, origins }: Environment, { addresses }: RunningServer): string {
  const [address] = addresses
  if (settings.pidFile !== undefined) return origins.pidFile === '--pid-file' ? ` --pid-file ${settings.pidFile}` : ''
  if (address === undefined || (origins.port === 'default' && settings.bind.length === 0)) return ''
  return address.family === 'unix' ? ` -b ${formatTarget(address)}` : ` -p ${address.port}`
}

const describeFound = ({ export: name, what }: Found) =>
  name === 'default' || name === null ? what : `${name}, ${what}`
