/** The quick tests of all packages, on the oldest Node and on the one between it and this. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { oldestNode, readHome } from '../src/home.ts'
import { publishedPackages } from '../src/packages.ts'
import { installNode } from './harness.ts'
import { testOn } from './oldest-node.ts'

const LIMIT = 600_000
const folder = mkdtempSync(join(tmpdir(), 'tsgi-oldest-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The command and its tools are tested by newcomer.slow.test.ts; their own tests start this repository's Node. */
const packages = publishedPackages()
  .map(({ directory }) => directory)
  .filter((directory) => !/cli|bench|matrix|create-tsgi/.test(directory))

describe.each(['oldest', '24'])('on the %s Node', (which) => {
  let node = ''

  test('can be installed', { timeout: LIMIT }, () => {
    node = installNode(join(folder, which), which === 'oldest' ? oldestNode(readHome()) : which)
    expect(node).not.toBe('')
  })

  test.each(packages)('%s passes its tests', { timeout: LIMIT }, async (directory) => {
    await testOn(node, directory)
  })
})
