/** The quick tests of the packages, on the oldest Node and on the one between it and this. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { oldestNode, readHome } from '../src/home.ts'
import { publishedPackages } from '../src/packages.ts'
import { folderForAll, installNode } from './harness.ts'
import { testOn } from './oldest-node.ts'

const LIMIT = 600_000
const folder = folderForAll('tsgi-oldest-')

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The command and its tools are tested by newcomer.slow.test.ts; their own tests start this repository's Node. */
const packages = publishedPackages()
  .map(({ directory }) => directory)
  .filter((directory) => !/\/(?:cli|bench|matrix|create-tsgi)$/.test(directory))

function passes(version: string): void {
  let node = ''

  beforeAll(() => {
    node = installNode(join(folder, version), version)
  }, LIMIT)

  test.each(packages)('%s passes its tests', { timeout: LIMIT }, async (directory) => {
    await testOn(node, directory)
  })
}

describe('on the oldest Node', () => passes(oldestNode(readHome())))

describe('on Node 24', () => passes('24'))
