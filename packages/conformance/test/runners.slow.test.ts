import { describe, expect, test } from 'vitest'
import { SERVER_BEHAVIOURS } from '../src/index.ts'
import { run } from './runners-setup.ts'

describe('node:test as the runner', () => {
  test('node:test runs every behaviour of servers', { timeout: 60_000 }, async () => {
    const stdout = await run('node-runner.ts')
    expect(stdout).toContain(`# pass ${SERVER_BEHAVIOURS.length}`)
    expect(stdout).toContain('# fail 0')
  })
})
