/** Unix sockets as files: whose is it, may it be replaced, is it still ours, who may connect. */
import { chmodSync, fstatSync, lstatSync, readFileSync, renameSync, statSync, unlinkSync } from 'node:fs'
import net from 'node:net'
import { dirname } from 'node:path'
import { absolutePath, isAbstract } from './address.ts'
import { cannotListen } from './bind-error.ts'
import { LONGEST_PATH } from './check-target.ts'

/** Windows has pipes of the same form that are no files. */
const isFile = (path: string): boolean => !isAbstract(path) && process.platform !== 'win32'

/** The path that the system is given: from the root, so that a later `chdir` changes nothing, where that is not too long. */
export function bindablePath(path: string): string {
  const absolute = absolutePath(path)
  return Buffer.byteLength(absolute) <= LONGEST_PATH || !isFile(path) ? absolute : path
}

/**
 * Makes room at `path`. A socket file that nobody listens on is left over from a crash and is removed; a live one belongs to
 * another program and is never taken.
 *
 * @throws ServeError `TSGI_ERR_BIND`, or a system error where the folder is missing
 */
export async function clearPath(path: string): Promise<void> {
  if (!isFile(path)) return
  // For a folder that is missing, the runtime's `listen` reports that permission is denied.
  statSync(dirname(path))
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) {
    const what = found.isDirectory() ? 'a folder' : 'a file that is not a socket'
    throw cannotListen({ path }, `there is ${what}. Remove it, or choose another path.`)
  }
  if (await isLive(path)) {
    throw cannotListen({ path }, 'another program listens there. Stop it, or choose another path.')
  }
  unlinkSync(path)
}

function isLive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    // Only a refusal says that nobody is there; with any other error we cannot tell, and leave it alone.
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    )
  })
}

/**
 * Runs `bind`, which creates the socket's file before it returns. With a mode, the file has it from its first moment: a
 * `chmod` afterwards would leave a time in which others could connect.
 *
 * @param mode permissions; `undefined` for what the umask leaves of 777
 */
export function bindWithMode<Bound>(path: string, mode: number | undefined, bind: () => Bound): Bound {
  if (mode === undefined || !isFile(path)) return bind()
  const before = setUmask(0o777 & ~mode)
  if (before !== null) {
    try {
      return bind()
    } finally {
      process.umask(before)
    }
  }
  const bound = bind()
  // Where it failed, `bind` says so later.
  if (fileIdentity(path) !== null) chmodSync(path, mode)
  return bound
}

/** `null` in a thread, where the mask cannot be set. */
function setUmask(mask: number): number | null {
  try {
    return process.umask(mask)
  } catch {
    return null
  }
}

/** Which file a path names now, to see later whether it is still the same. `null` where it names none. */
export function fileIdentity(path: string): string | null {
  if (!isFile(path)) return null
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found === undefined ? null : `${found.dev}:${found.ino}`
}

/**
 * Runs `close`, with which libuv removes the file of the path that was bound, whatever file that is by now. One that another
 * program has put there since is not ours to remove, and is moved aside meanwhile.
 */
export function closeKeepingOthers(path: string, identity: string | null, close: () => void): void {
  const now = fileIdentity(path)
  const aside = `${path}.aside-${process.pid}`
  const moved = now !== null && now !== identity && rename(path, aside)
  close()
  if (moved) rename(aside, path)
}

function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch {
    // Who may not rename a file may not remove it either.
    return false
  }
}

/**
 * The inode of an inherited socket.
 *
 * @throws Error with `code` EBADF or ENOTSOCK
 */
export function inodeOf(fd: number): number {
  const found = fstatSync(fd)
  if (!found.isSocket()) throw Object.assign(new Error('not a socket'), { code: 'ENOTSOCK' })
  return found.ino
}

/** The path of a listening unix socket that was inherited, as Linux tells it; `''` where nobody does. */
export function pathOfInode(inode: number): string {
  try {
    const column = ` ${inode} `
    const line = readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .find((line) => line.split(/\s+/)[6] === String(inode) && line.includes(column))
    if (line === undefined) return ''
    // The path is the rest of the line, and may have spaces.
    const path = line.slice(line.indexOf(column) + column.length)
    return path.startsWith('@') ? `\0${path.slice(1)}` : path
  } catch {
    return ''
  }
}
