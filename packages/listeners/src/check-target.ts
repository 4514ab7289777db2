/** What can be said of a target before the system is asked, which would say less. */
import type { ListenTarget } from '@tsgi/spec/server'
import { absolutePath, isAbstract } from './address.ts'
import { cannotListen } from './bind-error.ts'

/** `sun_path` has 108 bytes on Linux and 104 elsewhere, and a zero byte ends it (unix(7)). */
export const LONGEST_PATH: number = process.platform === 'linux' ? 107 : 103

/** @throws ServeError `TSGI_ERR_BIND` where the target cannot be listened on, here or anywhere */
export function checkTarget(target: ListenTarget): void {
  const wrong =
    'path' in target
      ? wrongPath(target.path, target.mode)
      : 'fd' in target
        ? wrongFd(target.fd)
        : (wrongHost(target.host) ?? wrongPort(target.port))
  if (wrong !== undefined) throw cannotListen(target, wrong)
}

function wrongHost(host: string): string | undefined {
  const bare = /^\[(.*)\]$/.exec(host)?.[1]
  return bare === undefined ? undefined : `expected a host without brackets. Write it as ${bare}.`
}

function wrongPort(port: number): string | undefined {
  return isWhole(port) && port <= 65_535 ? undefined : `expected a port from 0 to 65535, got ${port}.`
}

function wrongFd(fd: number): string | undefined {
  return isWhole(fd) ? undefined : `expected the number of a descriptor, got ${fd}.`
}

const isWhole = (value: number): boolean => Number.isInteger(value) && value >= 0

function wrongPath(path: string, mode: number | undefined): string | undefined {
  if (path === '') return 'expected a path, got an empty one.'
  if (isAbstract(path)) return wrongName(path, mode)
  if (path.includes('\0')) return 'expected a path without zero bytes. Remove them.'
  if (mode !== undefined && !(isWhole(mode) && mode <= 0o777))
    return `expected permissions from 000 to 777 (octal), got ${mode.toString(8)}.`
  const length = Buffer.byteLength(path)
  if (process.platform === 'win32' || length <= LONGEST_PATH) return undefined
  const remedy =
    path === absolutePath(path)
      ? 'Choose a shorter one, or start in its folder and use a relative path.'
      : 'Choose a shorter one.'
  return `expected a path of at most ${LONGEST_PATH} bytes, got ${length}. ${remedy}`
}

function wrongName(name: string, mode: number | undefined): string | undefined {
  if (process.platform !== 'linux') return 'names without a file exist on Linux only. Use the path of a file.'
  if (name.length === 1) return 'expected a name after @, got none.'
  if (mode !== undefined)
    return 'a name without a file has no permissions; every user of this machine may connect. Use the path of a file.'
  const length = Buffer.byteLength(name) - 1
  return length <= LONGEST_PATH
    ? undefined
    : `expected a name of at most ${LONGEST_PATH} bytes, got ${length}. Choose a shorter one.`
}
