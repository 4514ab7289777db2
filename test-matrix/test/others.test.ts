/** The kit against servers of others: it must find what HTTP.md's table says that they miss. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conform } from '@tsgi/conformance'
import { type OtherServer, startOthers } from '../src/others.ts'

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'node:http, bare': [
    'double-space',
    'no-version',
    'host-twice',
    'host-userinfo',
    'host-path',
    'target-star-get',
    'connect',
    'continue-early',
  ],
  nginx: ['host-userinfo', 'name-no-token', 'no-colon', 'chunk-extension-bad'],
  gunicorn: ['chunk-extension-bad', 'continue-1.0'],
}

describe('servers of others', { timeout: 120_000 }, () => {
  let others: readonly OtherServer[]
  beforeAll(async () => void (others = await startOthers()), 30_000)
  afterAll(() => Promise.all(others.map((server) => server.stop())))

  for (const [name, known] of Object.entries(KNOWN)) {
    test(`${name} misses what it is known to miss`, async ({ skip }) => {
      const server = others.find((other) => other.name === name)
      if (server === undefined) return skip(`${name} is not installed`)
      const { outcomes } = await conform(server.url, { only: ['boot-', ...known, 'keep-alive', 'date'] })
      const failed = outcomes.filter(({ kind }) => kind === 'failed').map(({ behaviour }) => behaviour.id)
      expect(failed.toSorted()).toEqual(known.toSorted())
    })
  }
})
