import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { EXERCISES, SERVER_BEHAVIOURS } from '../src/index.ts'

/** What `node:test` says of a fixture. */
async function run(fixture: string): Promise<string> {
  const file = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url))
  const { NODE_OPTIONS: _options, ...env } = process.env
  const args = ['--conditions=source', '--test-reporter=tap', file]
  return await promisify(execFile)(process.execPath, args, { env, maxBuffer: 16 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  )
}

test('node:test runs every behaviour of servers', { timeout: 60_000 }, async () => {
  const stdout = await run('node-runner.ts')
  expect(stdout).toContain(`# pass ${SERVER_BEHAVIOURS.length}`)
  expect(stdout).toContain('# fail 0')
})

test('a framework that fails at first is told what, and how to run just that, and the rest is blocked', async () => {
  const stdout = await run('failing-framework.ts')
  expect(stdout).toContain('# fail 1')
  expect(stdout).toContain(`# skipped ${EXERCISES.length - 1}`)
  expect(stdout).toMatch(/expected {2}status: 200\n.*got {7}501\n/)
  expect(stdout).toMatch(/again {5}node --test --test-name-pattern 'text:'\n/)
})
