import { describe, expect, test } from 'vitest'
import { EXERCISES } from '../src/index.ts'
import { run } from './runners-setup.ts'

describe('node:test as the runner', () => {
  test('a framework that fails at first is told what, and how to run just that, and the rest is blocked', async () => {
    const stdout = await run('failing-framework.ts')
    expect(stdout).toContain('# fail 1')
    expect(stdout).toContain(`# skipped ${EXERCISES.length - 1}`)
    expect(stdout).toMatch(/expected {2}status: 200\n.*got {7}501\n/)
    expect(stdout).toMatch(/again {5}node --test --test-name-pattern 'text:'\n/)
  })
})
