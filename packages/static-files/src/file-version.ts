import { statSync, type BigIntStats } from 'node:fs'

/** What tells one state of a file from another. In BigInt, because inode numbers and nanoseconds exceed 2^53. */
export interface FileVersion {
  readonly dev: bigint
  readonly ino: bigint
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}

export function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileVersion {
  return { dev, ino, size, mtimeNs, ctimeNs }
}

export function sameVersion(a: FileVersion, b: FileVersion): boolean {
  return a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.size === b.size && a.ino === b.ino && a.dev === b.dev
}

export const milliseconds = (ns: bigint): number => Number(ns / 1_000_000n)

// Time stamps of file systems are as coarse as this (FAT: 2 s; Linux: a tick of the kernel's clock).
const COARSEST_TIME_STAMP = 2000

/**
 * Whether the file was changed so recently that a further change might leave the same time stamp. What is known of it is then
 * not to be trusted for longer than until the next look.
 */
export function isFresh({ mtimeNs }: FileVersion, now: number = Date.now()): boolean {
  const age = now - milliseconds(mtimeNs)
  return age >= 0 && age < COARSEST_TIME_STAMP
}

/**
 * `undefined` where there is nothing. Takes 1.6 µs, 0.6 µs where there is nothing; the asynchronous form 57 µs.
 *
 * @throws the system's error where it is another than "no such file"
 */
export function stat(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    if (isNoFile(error)) return undefined
    throw error
  }
}

const NO_FILE = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ENXIO', 'ENODEV'])

/** Whether a system error says that the name leads to no file. */
export const isNoFile = (error: unknown): boolean => NO_FILE.has(errorCode(error))

/** Whether a system error says that the file is there and may not be read. */
export const isForbidden = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(errorCode(error))

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
