/** A part of the quick tests, on the oldest Node. oldest-node.nightly.test.ts runs all of them. */
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { oldestNode, readHome } from '../src/home.ts'
import { folderForAll, installNode } from './harness.ts'
import { testOn } from './oldest-node.ts'

const LIMIT = 300_000
const folder = folderForAll('tsgi-oldest-')
let node = ''

beforeAll(() => {
  node = installNode(folder, oldestNode(readHome()))
}, LIMIT)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('on the oldest Node', () => {
  test.each([
    ['packages/connection', /^/],
    // The faults take longest.
    ['packages/server-event-loop', /^(?!test\/faults)/],
    ['packages/conformance', /^test\/event-loop/],
    ['packages/adapter-fetch', /^test/],
    ['packages/adapter-node', /^test\/(?:application|frameworks)/],
    ['packages/adapter-wsgi', /^test\/(?:every-server|textbook)/],
  ])('%s passes its tests', { timeout: LIMIT }, async (directory, wanted) => {
    await testOn(node, directory, wanted)
  })
})
