import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { UsageError } from '../usage-error.ts'

/**
 * Writes this process's id, and removes the file when the process ends, unless somebody else's id is in it by then.
 *
 * @throws UsageError where the file belongs to a process that runs, or cannot be written
 */
export function claimPidFile(file: string): void {
  const pid = readPid(file)
  if (pid !== undefined && pid !== process.pid && runs(pid)) {
    throw new UsageError([
      `--pid-file ${file} names process ${pid}, which is running.`,
      'Stop it, or choose another file.',
    ])
  }
  try {
    writeFileSync(file, `${process.pid}\n`)
  } catch (error) {
    throw new UsageError([`--pid-file ${file} cannot be written: ${(error as Error).message}`], error)
  }
  process.once('exit', () => {
    if (readPid(file) === process.pid) rmSync(file, { force: true })
  })
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim())
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
