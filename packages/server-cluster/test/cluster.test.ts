/** What is the cluster's own: where connections go, when workers are replaced, what it refuses. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@tsgi/faults'
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
  it.each([['idle', '/who']])('are spread evenly over four %s workers: 400 of them', async (_what, path) => {
    const server = await start({ workers: 4 })
    const clients = Array.from({ length: 400 }, () => connect(server).get(path))
    await Promise.all(clients.map((client) => client.response()))
    const counts = (await server.status()).workers.map(({ accepted }) => accepted).toSorted((a, b) => a - b)
    expect(counts.reduce((sum, count) => sum + count)).toBe(400)
    expect(counts).toHaveLength(4)
    // Beside other work the system runs some workers more often than others; without their taking turns it is one for all.
    expect((counts[3] as number) / (counts[0] as number)).toBeLessThanOrEqual(2)
  })
})

describe('a worker', () => {
  it('is replaced after so many requests, and no request is lost', async () => {
    const server = await start({ workers: 1, maxRequests: 30, maxRequestsJitter: 10, workerTimeout: 400 })
    const pids = new Set<number>()
    await until('three workers in turn', async () => {
      pids.add((JSON.parse(await get(server, '/who')) as { readonly pid: number }).pid)
      return pids.size === 3
    })
    expect((await server.status()).restarts).toBe(0)
  })

  it('is replaced when it holds too much memory', async () => {
    const server = await start({ workers: 1, maxRss: 2 ** 20, workerTimeout: 400 })
    const [first] = (await server.status()).workers
    await until('another worker', async () => (await server.status()).workers.every(({ pid }) => pid !== first?.pid))
  })

  it('knows its slot, and that there are others', async () => {
    const server = await start({ workers: 2 })
    const facts = JSON.parse(await get(server, '/who')) as object
    expect(facts).toMatchObject({ multiprocess: true, multithread: true, runOnce: false })
    expect(facts).toHaveProperty('worker', expect.stringMatching(/^[01]$/))
    expect(facts).toHaveProperty('server', expect.stringMatching(/^tsgi-cluster\//))
  })

  it('sends access records, and counts what it serves', async () => {
    const targets: string[] = []
    const server = await start({ workers: 2, access: ({ target, status }) => targets.push(`${status} ${target}`) })
    for (let i = 0; i < 20; i++) await get(server, `/who?${i}`)
    await until('all records', () => targets.length === 20)
    expect(new Set(targets).size).toBe(20)
    expect(await server.status()).toMatchObject({ requests: 20, accepted: 20 })
    expect(server.stats().requests).toBe(20)
  })
})

describe('options', () => {
  it('have one worker for each processor, unless told otherwise', async () => {
    const server = await start({})
    expect((await server.status()).workers).toHaveLength(availableParallelism())
  })

  it('want a module to load from, since a function cannot cross to another process', async () => {
    await expect(serve(() => null)).rejects.toMatchObject({ code: 'TSGI_ERR_NEEDS_REFERENCE' })
  })
})

describe('an application that cannot be loaded', () => {
  it.each([
    ['a module that is not there', { module: '/no/such/module.js' }, /cannot load \/no\/such\/module\.js/],
    [
      'an export that is not there',
      { module: APPLICATION, export: 'nothing' },
      /has no function as its export "nothing"/,
    ],
    ['a package that is not there', { module: 'no-such-package' }, /cannot load no-such-package/],
  ])('because of %s is told so', async (_what, reference, message) => {
    app = reference
    await expect(start({ workers: 2 })).rejects.toMatchObject({
      code: 'TSGI_ERR_APP_LOAD',
      message: expect.stringMatching(message),
    })
  })
})
