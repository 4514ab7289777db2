import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { localRegistry, type LocalRegistry } from '../src/local-registry.ts'
import { follow, type Manager, type Newcomer } from '../src/newcomer.ts'
import { oldestNode, readHome } from '../src/home.ts'
import { readmeSteps } from '../src/readme.ts'
import { packAll } from '../src/tarballs.ts'
import { TEMPLATES } from '../../../packages/create-tsgi/src/templates.ts'
import { pathWith, PNPM, READMES, leftOut, upstream } from './harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsgi-newcomer-'))
let registry: LocalRegistry
let paths: Readonly<Record<'current' | 'oldest', string>>

beforeAll(async () => {
  registry = await localRegistry(await packAll(join(folder, 'packed')), upstream())
  paths = { current: pathWith(null, PNPM), oldest: pathWith(oldestNode(readHome()), PNPM) }
}, 600_000)

afterAll(async () => {
  await registry?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const newcomer = (node: 'current' | 'oldest', manager: Manager): Newcomer => ({
  manager,
  path: paths[node],
  registry: registry.url,
  cache: join(folder, 'npm'),
})

const LIMIT = 600_000

describe('a newcomer', () => {
  // Each README on both versions of Node and with both package managers, in two pairs instead of four.
  describe.each([
    ['current', 'npm'],
    ['oldest', 'pnpm'],
  ] as const)('on the %s Node with %s', (node, manager) => {
    test.each(READMES)('follows $name', { timeout: LIMIT }, async ({ markdown }) => {
      await follow(newcomer(node, manager), readmeSteps(markdown), leftOut)
    })
  })

  describe.each([
    ['current', 'pnpm'],
    ['oldest', 'npm'],
  ] as const)('on the %s Node with %s', (node, manager) => {
    test.each(READMES.filter(({ name }) => /^README|cli|create-tsgi/.test(name)))(
      'follows $name',
      { timeout: LIMIT },
      async ({ markdown }) => {
        await follow(newcomer(node, manager), readmeSteps(markdown), leftOut)
      },
    )
  })

  test.each(Object.keys(TEMPLATES))('starts from the template %s', { timeout: LIMIT }, async (template) => {
    const lines = [
      `npm create tsgi@latest my-app -- --template ${template} --install`,
      'cd my-app',
      'npm test',
      'npm run check',
      'npm run dev',
      'npm start',
    ]
    await follow(newcomer('oldest', 'npm'), [{ kind: 'commands', lines }], leftOut)
  })
})
