import { chmodSync } from 'node:fs'
import type { RunningServer } from '@tsgi/spec/server'
import { UsageError } from '../usage-error.ts'

/**
 * Gives the unix sockets of a server their permissions, whichever server it is. Until then, for a moment, they have what the
 * umask leaves; who may not write to the file cannot connect.
 *
 * @throws UsageError where the server has none
 */
export function setSocketMode({ addresses }: RunningServer, mode: number): void {
  const sockets = addresses.filter((address) => address.family === 'unix')
  if (sockets.length === 0)
    throw new UsageError([
      '--socket-mode: this server listens on no unix socket.',
      'Name one with -b unix:/run/site.sock, or leave --socket-mode out.',
    ])
  for (const { path } of sockets) chmodSync(path, mode)
}
