/** What is the process server's own: one connection for each process, how many there are, what they may do. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, isRunning, targetOf, until } from '@tsgi/faults'
import type { Address, ModuleReference } from '@tsgi/spec/server'
import type { SupervisedServer } from '@tsgi/supervisor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ProcessServerOptions, serve } from '../src/index.ts'

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

async function start(options: ProcessServerOptions = {}): Promise<SupervisedServer> {
  const server = await serve(app, {
    listen: [{ host: '127.0.0.1', port: 0 }],
    log: () => {},
    spare: 2,
    maxProcesses: 8,
    ...options,
  })
  cleanups.push(() => server.close({ graceful: 0 }))
  return server
}

function connect(server: SupervisedServer, address = 0): Client {
  const client = new Client(targetOf(server.addresses[address] as Address))
  cleanups.push(() => client.close())
  return client
}

/** An application of its own, with a journal. */
function writeApplication(source: string): ModuleReference {
  const module = join(folder, 'application.mjs')
  const note = `const note = (text) => appendFileSync(${JSON.stringify(join(folder, 'journal'))}, text + '\\n')`
  writeFileSync(module, `import { appendFileSync } from 'node:fs'\n${note}\n${source}`)
  writeFileSync(join(folder, 'journal'), '')
  return { module }
}

function journal(): readonly string[] {
  return readFileSync(join(folder, 'journal'), 'utf8').split('\n').slice(0, -1)
}

interface Facts {
  readonly pid: number
  readonly uid: number
}

async function who(client: Client, ...fields: readonly string[]): Promise<Facts> {
  return JSON.parse((await client.get('/who', ...fields).response()).body) as Facts
}

describe('a process', () => {
  it('serves one connection, and as many requests as come on it', async () => {
    const server = await start()
    const pids = new Set<number>()
    for (let connection = 0; connection < 6; connection++) {
      const client = connect(server)
      const first = await who(client)
      expect(await who(client)).toEqual(first)
      client.close()
      expect(pids).not.toContain(first.pid)
      pids.add(first.pid)
    }
  })

  it('never has a second connection, however many come at once, on however many addresses', async () => {
    const server = await start({
      listen: [{ host: '127.0.0.1', port: 0 }, { host: '::1', port: 0 }, { path: join(folder, 'socket') }],
      spare: 4,
      maxProcesses: 40,
    })
    const facts = await Promise.all(Array.from({ length: 30 }, (_, i) => who(connect(server, i % 3))))
    expect(new Set(facts.map(({ pid }) => pid)).size).toBe(30)
  })

  it('says so to the application', async () => {
    const server = await start()
    expect(await who(connect(server))).toMatchObject({ runOnce: true, multiprocess: true, multithread: false })
  })

  it('is gone when its response is out and its connection closed, not before', async () => {
    const server = await start()
    const client = connect(server)
    const { pid } = await who(client)
    expect(isRunning(pid)).toBe(true)
    client.get('/stream?10', 'connection: close')
    expect((await client.response()).body).toContain('chunk 10')
    client.socket.end()
    await until('the process to end', () => !isRunning(pid))
  })

  it('runs the application’s startup before its connection comes, and its shutdown after', async () => {
    const server = await start({ spare: 1, maxProcesses: 1 })
    expect(journal()).toEqual(['startup'])
    const client = connect(server)
    await who(client, 'connection: close')
    client.close()
    await until('the shutdown', () => journal().slice(0, 2).join() === 'startup,shutdown')
  })

  it('is never called before the response before it is out', async () => {
    app = writeApplication(`
      export default (environ, startResponse) => {
        note('call ' + environ.pathInfo)
        environ.server.onFinish(() => note('finish ' + environ.pathInfo))
        startResponse(200, [])
        return 'x'.repeat(environ.pathInfo === '/2' ? 2_000_000 : 10)
      }`)
    const server = await start()
    const client = connect(server).get('/1').get('/2').get('/3')
    for (let answer = 1; answer <= 3; answer++) expect((await client.response()).status).toBe(200)
    client.close()
    const told = ['call /1', 'finish /1', 'call /2', 'finish /2', 'call /3', 'finish /3']
    await until('the last to be told', () => journal().length >= told.length)
    expect(journal()).toEqual(told)
  })

  it('finds compiled what an earlier process ran', async () => {
    app = writeApplication(`
      export default (_environ, startResponse) => {
        startResponse(200, [])
        return process.argv.slice(3).join()
      }`)
    const server = await start({ spare: 1 })
    const told = async (): Promise<string> => (await connect(server).get('/', 'connection: close').response()).body
    expect(await told()).toBe('')
    // One more may have been started before the first had told what it has.
    let last = await told()
    await until('a process to be handed compiled code', async () => (last = await told()) !== '')
    const [, size] = last.split(',').map(Number)
    expect(size).toBeGreaterThan(50_000)
  })

  it('lets its application finish what it does for a client that has left, and closes what it gives back', async () => {
    app = writeApplication(`
      const application = async (environ, startResponse) => {
        note('called')
        await new Promise((resolve) => environ.server.signal.addEventListener('abort', resolve))
        note('aborted')
        await new Promise((resolve) => setTimeout(resolve, 300))
        startResponse(200, [])
        return { [Symbol.iterator]() { note('iterated') }, close() { note('closed') } }
      }
      application.shutdown = () => note('shutdown')
      export default application`)
    const server = await start({ spare: 1, maxProcesses: 1 })
    const [worker] = (await server.status()).workers
    const client = connect(server).get('/')
    await until('the call', () => journal().includes('called'))
    client.reset()
    await until('the process to end', () => !isRunning(worker?.pid as number))
    expect(journal()).toEqual(['called', 'aborted', 'closed', 'shutdown'])
  })

  it('waits no longer than the graceful limit for an application whose client has left', async () => {
    app = writeApplication(`
      export default () => {
        note('called')
        return new Promise((resolve) => (globalThis.neverCalled = resolve))
      }`)
    const log: string[] = []
    const server = await start({
      timeouts: { graceful: 300 },
      log: (level, message) => log.push(`${level}: ${message}`),
    })
    const client = connect(server).get('/')
    await until('the call', () => journal().includes('called'))
    client.reset()
    await until('the end', async () => (await server.status()).workers.every(({ phase }) => phase === 'accepting'))
    expect(log.join('\n')).toContain('warn: a call of the application, whose client has left, is still at work')
  })

  it('ends a connection that is idle for a short while', async () => {
    const server = await start({ timeouts: { keepAlive: 300 } })
    const client = connect(server)
    const started = performance.now()
    await who(client)
    await until('the end', () => client.ended)
    expect(performance.now() - started).toBeGreaterThan(290)
  })

  it('is ended by the runtime when its heap is full', async () => {
    const server = await start({ maxOldSpace: 32 * 2 ** 20 })
    const victim = connect(server).get('/leak')
    await victim.over
    expect(victim.size).toBe(0)
    expect((await who(connect(server))).pid).toBeGreaterThan(0)
  })

  it.skipIf(process.geteuid?.() !== 0)('runs as the user it is told', async () => {
    writeFileSync(join(folder, 'journal'), '')
    chmodSync(join(folder, 'journal'), 0o666)
    const server = await start({ user: 'nobody' })
    expect((await who(connect(server))).uid).toBe(65534)
  })

  it('may do only what Node’s permission flags allow', async () => {
    const secret = join(folder, 'secret')
    writeFileSync(secret, 'a secret')
    const reader = join(folder, 'reader.mjs')
    writeFileSync(
      reader,
      `import { readFileSync } from 'node:fs'
      export default (environ, startResponse) => {
        startResponse(200, [])
        try { return readFileSync(${JSON.stringify(secret)}, 'utf8') } catch (error) { return error.code }
      }`,
    )
    app = { module: reader }
    const flags = [
      '--permission',
      '--allow-net',
      `--allow-fs-read=${reader}`,
      `--allow-fs-read=${new URL('../../..', import.meta.url).pathname}`,
    ]
    const free = await start()
    expect((await connect(free).get('/').response()).body).toBe('a secret')
    const bound = await start({ nodeFlags: flags })
    expect((await connect(bound).get('/').response()).body).toBe('ERR_ACCESS_DENIED')
  })
})

describe('the pool', () => {
  it('keeps as many waiting as it is told, up to as many as there may be', async () => {
    const server = await start({ spare: 3, maxProcesses: 4 })
    const phases = async (): Promise<string[]> => (await server.status()).workers.map(({ phase }) => phase).toSorted()
    expect(await phases()).toEqual(['accepting', 'accepting', 'accepting'])
    const clients = [connect(server), connect(server)]
    await Promise.all(clients.map((client) => who(client)))
    await until(
      'two to serve and two to wait',
      async () => (await phases()).join() === 'accepting,accepting,serving,serving',
    )
    for (const client of clients) client.close()
    await until('three to wait', async () => (await phases()).join() === 'accepting,accepting,accepting')
  })

  it('counts what all its processes have served', async () => {
    const server = await start()
    for (let i = 0; i < 5; i++) {
      const client = connect(server)
      await who(client)
      await who(client)
      client.close()
    }
    await until('all to be counted', () => server.stats().requests === 10)
    expect(server.stats().accepted).toBe(5)
  })
})

describe('options', () => {
  it.each([
    [{ spare: 0 }, 'spare: expected a whole number from 1 on, got 0'],
    [
      { spare: 5, maxProcesses: 4 },
      'spare: expected at most maxProcesses, which is 4, got 5. Raise the one or lower the other.',
    ],
    [{ maxProcesses: 0 }, 'maxProcesses: expected a whole number from 1 on, got 0'],
  ] as const)('that make no sense are refused: %j', async (options, message) => {
    await expect(start(options)).rejects.toMatchObject({ code: 'TSGI_ERR_OPTION', message })
  })

  it('want a module to load from, since a function cannot cross to another process', async () => {
    await expect(serve(() => null)).rejects.toMatchObject({ code: 'TSGI_ERR_NEEDS_REFERENCE' })
  })
})
