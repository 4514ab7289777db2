import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// In a process of its own: the lines of what runs here are those of a transformed file.
test('the log names the very line of an app in TypeScript that gives back no Response', async () => {
  const fixture = fileURLToPath(new URL('fixtures/no-response.ts', import.meta.url))
  const { stderr } = await promisify(execFile)(process.execPath, ['--conditions=source', fixture])
  expect(stderr).toMatch(/The fetch app at file:\/\/\S*no-response\.ts:9:14 gave back undefined, not a Response/)
})
