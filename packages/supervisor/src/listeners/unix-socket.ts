/** Unix sockets as files: whose is it, may it be replaced, is it still ours. */
import { lstatSync, readFileSync, unlinkSync } from 'node:fs'
import net from 'node:net'
import { ServeError } from '@tsgi/spec/server'

/**
 * Makes room at `path`. A socket file that nobody listens on is left over from a crash and is removed; a live one is
 * somebody else's and is never taken.
 *
 * @throws ServeError `TSGI_ERR_BIND`
 */
export async function clearPath(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) {
    throw new ServeError(
      'TSGI_ERR_BIND',
      `cannot listen on unix:${path}: there is a file that is no socket. Remove it, or choose another path.`,
    )
  }
  if (await isLive(path)) {
    throw new ServeError(
      'TSGI_ERR_BIND',
      `cannot listen on unix:${path}: another program listens there. Stop it, or choose another path.`,
    )
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

/** Which file a path names now, to see later whether it is the same still. */
export function fileIdentity(path: string): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found === undefined ? null : `${found.dev}:${found.ino}`
}

/** The path of a listening unix socket that was inherited, as Linux tells it; `''` where nobody does. */
export function pathOfInode(inode: number): string {
  try {
    const line = readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .find((line) => line.trim().split(/\s+/)[6] === String(inode))
    return line?.trim().split(/\s+/)[7] ?? ''
  } catch {
    return ''
  }
}
