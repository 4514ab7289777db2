import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { expect } from 'vitest'

/**
 * Runs before each test file: the working directory and PATH are those that `pnpm exec vitest` in the file's package would
 * give it, whichever folder the run was started in.
 */
const file = expect.getState().testPath
if (file !== undefined) {
  let folder = dirname(file)
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  process.chdir(folder)
  const bin = join(folder, 'node_modules', '.bin')
  const path = (process.env.PATH ?? '').split(delimiter)
  if (path[0] !== bin) process.env.PATH = [bin, ...path.filter((entry) => entry !== bin)].join(delimiter)
}
