import type { Found } from '@tsgi/loader/entry'
import type { Environment } from '../environment.ts'
import type { Outputs } from '../logs/outputs.ts'
import { version } from '../version.ts'
import { banner } from './banner.ts'
import type { Started } from './run-server.ts'

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
  if (again || !outputs.pretty) {
    const fields = again ? {} : { app: app?.text, static: files || undefined, server: module.name, pid: process.pid }
    outputs.log('info', `listening on ${server.urls.join(' ')}`, fields)
    return
  }
  const found = entry?.found
  outputs.print(
    banner({
      version,
      server: module.name,
      node: process.versions.node,
      mode: process.env['NODE_ENV'] ?? '',
      app: app?.text,
      what: found ? describeFound(found) : undefined,
      files,
      addresses: server.addresses,
      urls: server.urls,
      openedByPort: settings.bind.length === 0 && origins.host === 'because PORT is set',
      trusted: settings.forwardedAllowIps,
      reload: settings.watch ? 'watch' : server.reload === undefined ? 'restart' : 'signal',
      pid: process.pid,
    }),
  )
}

const describeFound = ({ export: name, what }: Found) =>
  name === 'default' || name === null ? what : `${name}, ${what}`
