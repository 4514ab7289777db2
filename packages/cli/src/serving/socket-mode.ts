import { chmodSync } from 'node:fs'
import { isAbstract } from '@tsgi/listeners'
import type { RunningServer } from '@tsgi/spec/server'

/**
 * Gives the unix sockets of a server their permissions where the server itself did not: one of another author that does not
 * know the mode of an address, or sockets that were inherited.
 */
export function setSocketMode({ addresses }: RunningServer, mode: number): void {
  for (const address of addresses) {
    if (address.family === 'unix' && address.path !== '' && !isAbstract(address.path)) chmodSync(address.path, mode)
  }
}
