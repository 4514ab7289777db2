/** What is the cluster's own: where connections go, when workers are replaced, what it refuses. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModuleReference } from '@tsgi/spec/server'
import type { SupervisedServer } from '@tsgi/supervisor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClusterOptions, serve } from '../src/index.ts'
import { APPLICATION, cleanups, connect, get } from './cluster-setup.ts'

let folder = ''
let app: ModuleReference
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsgi-'))
  chmodSync(folder, 0o777)
  writeFileSync(join(folder, 'script'), 'v1')
  app = { module: APPLICATION, config: { script: join(folder, 'script'), journal: join(folder, 'journal') } }
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  rmSync(folder, { recursive: true })
})

async function start(options: ClusterOptions): Promise<SupervisedServer> {
  const server = await serve(app, { listen: [{ host: '127.0.0.1', port: 0 }], log: () => {}, ...options })
  cleanups.push(() => server.close({ graceful: 0 }))
  return server
}

describe('connections made at once', () => {
  it.each([
    ['idle', '/who'],
    ['busy', '/spin?1'],
  ])('are spread evenly over four %s workers: 2,000 of them', async (_what, path) => {
    const server = await start({ workers: 4 })
    const clients = Array.from({ length: 2_000 }, () => connect(server).get(path))
    await Promise.all(clients.map((client) => client.response()))
    const counts = (await server.status()).workers.map(({ accepted }) => accepted).toSorted((a, b) => a - b)
    expect(counts.reduce((sum, count) => sum + count)).toBe(2_000)
    expect(counts).toHaveLength(4)
    expect((counts[3] as number) / (counts[0] as number)).toBeLessThanOrEqual(1.3)
  })
})

describe('a worker', () => {
  it('sends its last access records before it ends', async () => {
    const targets: string[] = []
    const server = await start({ workers: 1, access: ({ target }) => targets.push(target) })
    await get(server, '/who')
    await server.close()
    expect(targets).toEqual(['/who'])
  })

  it.skipIf(process.geteuid?.() !== 0)('runs as the user it is told', async () => {
    chmodSync(folder, 0o755)
    writeFileSync(join(folder, 'journal'), '')
    chmodSync(join(folder, 'journal'), 0o666)
    const server = await start({ workers: 1, user: 'nobody' })
    expect(JSON.parse(await get(server, '/who'))).toMatchObject({ uid: 65534 })
  })
})

it('closes soon after a reload, though idle connections of the old workers had seconds left', async () => {
  const server = await start({ workers: 1 })
  const idle = connect(server).get('/who')
  await idle.response()
  await server.reload()
  const asked = performance.now()
  await server.close()
  expect(performance.now() - asked).toBeLessThan(4_000)
})

describe('options', () => {
  it.each([
    [{ workers: 0 }, 'workers: expected a whole number from 1 on, got 0'],
    [{ workers: 1.5 }, 'workers: expected a whole number from 1 on, got 1.5'],
    [{ maxRequests: -1 }, 'maxRequests: expected a whole number from 0 on, got -1'],
    [{ maxRss: Number.NaN }, 'maxRss: expected a whole number from 0 on, got NaN'],
    [{ bootTimeout: -1 }, 'bootTimeout: expected a whole number from 0 on, got -1'],
    [{ maxOldSpace: 1 }, 'maxOldSpace: expected a whole number from 1048576 on, got 1'],
    [{ user: 'no-such-user' }, '--user no-such-user: there is no such user.'],
  ] as const)('that make no sense are refused: %j', async (options, message) => {
    await expect(start(options)).rejects.toMatchObject({ code: 'TSGI_ERR_OPTION', message })
  })
})
