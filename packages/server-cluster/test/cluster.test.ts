/** What is the cluster's own: where connections go, when workers are replaced, what it refuses. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, targetOf, until } from '@tsgi/faults'
import type { Address, ModuleReference } from '@tsgi/spec/server'
import type { SupervisedServer } from '@tsgi/supervisor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ClusterOptions, serve } from '../src/index.ts'

const APPLICATION = import.meta.resolve('@tsgi/faults/application')

let folder = ''
let app: ModuleReference
const cleanups: (() => unknown)[] = []

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

function connect(server: SupervisedServer): Client {
  const client = new Client(targetOf(server.addresses[0] as Address))
  cleanups.push(() => client.close())
  return client
}

async function get(server: SupervisedServer, path: string): Promise<string> {
  const client = connect(server)
  const { body } = await client.get(path, 'connection: close').response()
  client.close()
  return body
}

describe('2,000 connections made at once', () => {
  it.each([
    ['idle', '/who'],
    ['busy', '/spin?1'],
  ])('are spread evenly over four %s workers', async (_what, path) => {
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
  it('have one worker for each processor, unless told otherwise', async () => {
    const server = await start({})
    expect((await server.status()).workers).toHaveLength(availableParallelism())
  })

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
