/** Runs in the worker before each test file. */
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { startCoverage, writeCoverage } from './coverage/collect.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a test file and the processes it started used of the processors. Not known outside of Linux. */
    cpuSeconds?: number
  }
}

// The working directory and PATH are those that `pnpm exec vitest` in the file's package would give it, whichever folder the
// run was started in.
const file = expect.getState().testPath
if (file !== undefined) {
  let folder = dirname(file)
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  process.chdir(folder)
  const bin = join(folder, 'node_modules', '.bin')
  const path = (process.env.PATH ?? '').split(delimiter)
  if (path[0] !== bin) process.env.PATH = [bin, ...path.filter((entry) => entry !== bin)].join(delimiter)
}

const coverage = process.env.TEST_COVERAGE
if (coverage !== undefined) await startCoverage(coverage)

const before = cpuSeconds()
// oxlint-disable-next-line no-empty-pattern -- vitest wants a pattern where a hook takes its second argument
afterAll(async ({}, suite) => {
  const after = cpuSeconds()
  if (before !== null && after !== null) suite.meta.cpuSeconds = after - before
  if (coverage !== undefined) await writeCoverage(coverage)
})

/** Of this process and of its descendants that have been waited for. */
function cpuSeconds(): number | null {
  if (process.platform !== 'linux') return null
  // proc_pid_stat(5): utime, stime, cutime and cstime are fields 14 to 17, in hundredths; the name before them may have spaces.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)!.split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100
}
