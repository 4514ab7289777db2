/** `tsgi conform` against servers of others: it must find what HTTP.md's table says that they miss. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ConformanceJson } from '@tsgi/conformance'
import { type OtherServer, startOthers } from '@tsgi/matrix'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const TSGI = fileURLToPath(new URL('../../packages/cli/bin/tsgi.js', import.meta.url))

/** What the command says of a server, by its exit code and its JSON. */
async function conform(url: string, only: readonly string[]): Promise<ConformanceJson & { exitCode: number }> {
  const { NODE_OPTIONS: _options, ...env } = process.env
  const args = [TSGI, 'conform', url, '--only', ...only, '--json', '-']
  const { stdout, exitCode } = await promisify(execFile)(process.execPath, args, { env }).then(
    ({ stdout }) => ({ stdout, exitCode: 0 }),
    ({ stdout, code }: { stdout: string; code: number }) => ({ stdout, exitCode: code }),
  )
  return { ...(JSON.parse(stdout) as ConformanceJson), exitCode }
}

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
      const { outcomes, exitCode } = await conform(server.url, ['boot-', ...known, 'keep-alive', 'date'])
      // Of a server by its address, what RFCs leave open is a difference and no failure.
      const missed = outcomes.filter(({ verdict }) => verdict === 'failed' || verdict === 'differs').map(({ id }) => id)
      expect(missed.toSorted()).toEqual(known.toSorted())
      expect(outcomes.some(({ verdict }) => verdict === 'failed')).toBe(true)
      expect(exitCode).toBe(1)
    })
  }
})
