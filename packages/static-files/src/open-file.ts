import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { sep } from 'node:path'
import { isNoFile, versionOf, type FileVersion } from './file-version.ts'

export interface OpenFile {
  readonly fd: number
  readonly version: FileVersion
}

// Opening a FIFO for reading would wait for a writer.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

/**
 * Opens a regular file, which is proven to lie under `root` after it was opened: its real path does, and what lies there is
 * the file that is open. So no link that is put in place between looking and opening leads out. (Not proven: a hard link,
 * which is as good as the file.)
 *
 * @param root real path of the folder it must lie in; `null` where links may lead anywhere
 * @returns `null` where there is no such file; else the caller closes it
 * @throws the system's error, as when it may not be read
 */
export function openFile(path: string, root: string | null): OpenFile | null {
  let fd: number
  try {
    fd = openSync(path, FLAGS)
  } catch (error) {
    if (isNoFile(error)) return null
    throw error
  }
  try {
    const stats = fstatSync(fd, { bigint: true })
    if (stats.isFile() && (root === null || liesUnder(root, path, stats))) return { fd, version: versionOf(stats) }
  } catch (error) {
    closeSync(fd)
    if (isNoFile(error)) return null
    throw error
  }
  closeSync(fd)
  return null
}

function liesUnder(root: string, path: string, { dev, ino }: Pick<FileVersion, 'dev' | 'ino'>): boolean {
  const real = realPathUnder(root, path)
  if (real === null) return false
  const there = lstatSync(real, { bigint: true })
  return there.ino === ino && there.dev === dev
}

/**
 * The real path, if it is `root` or lies in it.
 *
 * @param root real path of a folder
 */
export function realPathUnder(root: string, path: string): string | null {
  try {
    const real = realpathSync.native(path)
    return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep) ? real : null
  } catch (error) {
    if (isNoFile(error)) return null
    throw error
  }
}

/** The first `size` bytes of a file, in memory of their own; fewer where the file has become shorter. */
export function readWhole(fd: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.allocUnsafeSlow(size)
  let length = 0
  while (length < size) {
    const read = readSync(fd, bytes, length, size - length, length)
    if (read === 0) break
    length += read
  }
  return bytes.subarray(0, length)
}
