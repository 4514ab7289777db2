/**
 * Where the control socket of a server is: beside its pid file, else in a folder of the user's own, named after the port. Both
 * ends come to it by the same settings.
 */
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { absolutePath } from '@tsgi/listeners'
import type { Address, ListenTarget } from '@tsgi/spec/server'

/** Where a server is reached; of a socket that is inherited, the command cannot tell. */
export type Reached = Address | ListenTarget

/** `undefined` where the settings do not say which server is meant. */
export function controlPlace(pidFile: string | undefined, reached: Reached, cwd: string): string | undefined {
  if (pidFile !== undefined) return `${resolve(cwd, pidFile)}.control`
  const name = nameOf(reached, cwd)
  return name === undefined ? undefined : join(controlFolder(), name)
}

function nameOf(reached: Reached, cwd: string): string | undefined {
  if ('path' in reached)
    return `unix-${createHash('sha256').update(absolutePath(reached.path, cwd)).digest('hex').slice(0, 16)}`
  return 'port' in reached && reached.port !== 0 ? String(reached.port) : undefined
}

/** Not XDG_RUNTIME_DIR: a terminal has it, and a service of the same user does not. */
export function controlFolder(): string {
  return join(tmpdir(), `tsgi-${userInfo().uid}`)
}

/** Makes the folder where there is none. @throws where it is not the user's own, and his alone */
export function makeControlFolder(): void {
  const folder = controlFolder()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isPrivate(folder)) throw new Error(`${folder} is not a folder of this user alone; remove it`)
}

/** Anybody may make a folder of this name in a place that is open to all. */
export function isPrivate(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (found === undefined || !found.isDirectory()) return false
  return process.geteuid === undefined || (found.uid === process.geteuid() && (found.mode & 0o077) === 0)
}
