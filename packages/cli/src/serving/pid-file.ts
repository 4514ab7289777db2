/**
 * The file that names the process of a server. It is claimed in one step, so that of two starts at once one has it; and never
 * written through a symbolic link, which another user who may write to the folder could point at any file of ours.
 */
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { UsageError } from '../usage-error.ts'

/** Stale files that are taken away before it is given up: each was written by a start that has failed meanwhile. */
const TRIES = 10

/**
 * Writes this process's id, and removes the file when the process ends, unless somebody else's id is in it by then.
 *
 * @throws UsageError where the file belongs to a process that runs, is no pid file, or cannot be written
 */
export function claimPidFile(file: string): void {
  const own = `${file}.${process.pid}`
  try {
    rmSync(own, { force: true })
    writeFileSync(own, `${process.pid}\n`, { flag: 'wx', mode: 0o644 })
    claim(file, own)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError([`--pid-file ${file} cannot be written: ${(error as Error).message}`], error)
  } finally {
    rmSync(own, { force: true })
  }
  process.once('exit', () => {
    if (read(file) === process.pid) rmSync(file, { force: true })
  })
}

/** A link is made only where nothing has the name, and all of the file is there at once. */
function claim(file: string, own: string): void {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      return linkSync(own, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    refuseIfTaken(file)
    takeAway(file, `${own}.stale`)
  }
  throw new Error('other processes keep writing it')
}

/** Another start may have taken a stale file away, and have put its own there since. It gets that back. */
function takeAway(file: string, aside: string): void {
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    refuseIfTaken(aside, file)
  } catch (error) {
    renameSync(aside, file)
    throw error
  }
  rmSync(aside, { force: true })
}

/** @throws UsageError where the file is that of a process that runs, or is no pid file */
function refuseIfTaken(file: string, name = file): void {
  const found = read(file)
  if (found === 'other') {
    throw new UsageError([
      `--pid-file ${name}: expected a pid file, or none; got something else.`,
      'Remove it, or choose another file.',
    ])
  }
  if (found !== 'stale' && found !== process.pid && runs(found)) {
    throw new UsageError([
      `--pid-file ${name} names process ${found}, which is running.`,
      'Stop it, or choose another file.',
    ])
  }
}

/** `stale`: nobody's, and may be taken away, such as a symbolic link. */
function read(file: string): number | 'stale' | 'other' {
  const found = lstatSync(file, { throwIfNoEntry: false })
  if (found === undefined || found.isSymbolicLink()) return 'stale'
  if (!found.isFile()) return 'other'
  const text = readFileSync(file, 'utf8').trim()
  if (text === '') return 'stale'
  const pid = Number(text)
  return Number.isSafeInteger(pid) && pid > 0 ? pid : 'other'
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
