/** What newcomer.slow.test.ts does, with the other package manager and the other version of Node. */
import { describe, test } from 'vitest'
import { follow } from '../src/newcomer.ts'
import { readmeSteps } from '../src/readme.ts'
import { leftOut, READMES } from './harness.ts'
import { LIMIT, newcomers } from './newcomers.ts'

const newcomer = newcomers()

describe('a newcomer', () => {
  describe.each([
    ['current', 'npm'],
    ['current', 'pnpm'],
    ['oldest', 'npm'],
  ] as const)('on the %s Node with %s', (node, manager) => {
    test.each(READMES)('follows $name', { timeout: LIMIT }, async ({ markdown }) => {
      await follow(newcomer(node, manager), readmeSteps(markdown), leftOut)
    })
  })
})
