import { Server } from 'node:http'
import type { Application } from '@tsgi/spec'
import { birthsFor } from '../births.ts'
import { upgradeBy } from './server-upgrades.ts'

/**
 * The same application, whose requests for another protocol go to a server's `upgrade` listeners: for one that is exported
 * beside the server that its module starts for it.
 *
 * @param server listens nowhere, and may get its listeners later
 */
export function withUpgradesOf(server: Server, application: Application): Application {
  const births = birthsFor(server)
  const withUpgrades: Application = (environ, startResponse) => {
    const upgraded = environ.server.upgrade === undefined ? null : upgradeBy(server, births, environ, startResponse)
    return upgraded ?? application(environ, startResponse)
  }
  return Object.assign(withUpgrades, application)
}
