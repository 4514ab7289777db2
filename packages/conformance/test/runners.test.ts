import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { SERVER_BEHAVIOURS } from '../src/index.ts'

test('node:test runs every behaviour of servers', { timeout: 60_000 }, async () => {
  const file = fileURLToPath(new URL('fixtures/node-runner.ts', import.meta.url))
  const { NODE_OPTIONS: _options, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', '--test-reporter=tap', file], {
    env,
    maxBuffer: 16 * 1024 * 1024,
  })
  expect(stdout).toContain(`# pass ${SERVER_BEHAVIOURS.length}`)
  expect(stdout).toContain('# fail 0')
})
