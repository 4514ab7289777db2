import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesOf } from '../src/left-out.ts'
import type { Tier } from '../src/tiers.ts'
import { testedPackages } from '../src/workspace.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tsgi-tiers-'))
  put('pnpm-workspace.yaml', 'packages:\n  - packages/*\n  - lone\n\ncatalog:\n  a: 1\n')
  put('packages/a/package.json', '{ "name": "a", "scripts": { "test": "vitest run" } }')
  put('packages/untested/package.json', '{ "name": "untested" }')
  put('packages/removed/dist/left-over.js', '')
  put('lone/package.json', '{ "name": "lone", "scripts": { "test": "vitest run" } }')
  for (const name of ['src/a', 'test/a.slow', 'test/b.alone', 'test/b.alone.slow', 'test/c.nightly', 'dist/d'])
    put(`packages/a/${name}.test.ts`, '')
  put('lone/test/slow.test.ts', '')
})
afterAll(() => rmSync(root, { recursive: true }))

function put(path: string, content: string) {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

const found = (tier: Tier) =>
  filesOf(testedPackages(root), tier)
    .map((file) => relative(root, file))
    .sort()

describe('the tiers', () => {
  it('are read from the last word of a file name', () => {
    expect(found('quick')).toEqual([
      'lone/test/slow.test.ts',
      'packages/a/src/a.test.ts',
      'packages/a/test/b.alone.test.ts',
    ])
    expect(found('slow')).toEqual(['packages/a/test/a.slow.test.ts', 'packages/a/test/b.alone.slow.test.ts'])
    expect(found('nightly')).toEqual(['packages/a/test/c.nightly.test.ts'])
  })

  it('name each file once, and "all" is quick and slow', () => {
    expect(found('all')).toEqual([...found('quick'), ...found('slow')].sort())
  })
})

describe('the tested packages', () => {
  it('are those of the workspace that have a test script', () => {
    expect(testedPackages(root).map(({ name }) => name)).toEqual(['a', 'lone'])
  })
})
