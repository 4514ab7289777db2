/** Rows 3, 7, 8, 9 and 10: reloads, and what may come in their way. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { load } from '../load.ts'
import { isRunning } from '../processes.ts'
import { serve, type ServerUnderTest, type Subject } from '../subject.ts'
import { until } from '../until.ts'

async function reload(server: ServerUnderTest, version: string): Promise<void> {
  const before = [...server.told.matchAll(/^reloaded$/gm)].length
  server.script = version
  server.signal('SIGHUP')
  await until(`${version}`, () => [...server.told.matchAll(/^reloaded$/gm)].length > before)
}

export function reloads(subject: Subject): void {
  test('row 7: five reloads under load, with new and with kept connections, fail no request', async () => {
    const server = await serve(subject)
    const running = load(server, { kept: 4, fresh: 2 })
    for (let round = 2; round <= 6; round++) {
      await reload(server, `v${round}`)
      await sleep(100)
    }
    const { failures, answered, versions } = await running.stop()
    expect(failures).toEqual([])
    expect(answered).toBeGreaterThan(50)
    expect(versions).toContain('v6')
    expect((await server.who()).version).toBe('v6')
  })

  test('row 7: a kept connection that was idle through a reload has its next request answered, and is then closed', async () => {
    // By default the process server leaves an idle connection less time than a reload may take on a busy machine.
    const server = await serve(subject, { options: { timeouts: { keepAlive: 75_000 } } })
    const client = server.connect().get('/who')
    await client.response()
    await reload(server, 'v2')
    await sleep(1_500)
    const { status, headers, body } = await client.get('/who').response()
    expect({ status, connection: headers.get('connection') }).toEqual({ status: 200, connection: 'close' })
    expect(JSON.parse(body)).toMatchObject({ version: 'v1' })
  })

  test('row 8: a reload into code that does not load is told, and what ran before goes on', async () => {
    const server = await serve(subject)
    // A process for each connection is started from the code as it is: only those that wait already have the old one.
    const running = subject.name === 'process' ? null : load(server, { kept: 2, fresh: 1 })
    server.script = 'throw'
    server.signal('SIGHUP')
    await server.said(/not reloaded: .*this application is broken/)
    await server.said(/reload failed, generation 1 keeps serving: .*this application is broken/)
    if (running === null) expect((await server.who()).version).toBe('v1')
    else {
      const { failures, versions } = await running.stop()
      expect(failures).toEqual([])
      expect([...versions]).toEqual(['v1'])
    }
    await reload(server, 'v2')
    expect((await server.who()).version).toBe('v2')
  })

  test('row 9: a reload while a request hangs completes, and the hanging worker is gone at the graceful limit', async () => {
    const server = await serve(subject, { options: { timeouts: { graceful: 700 } } })
    const victim = server.connect().get('/hang')
    await until('the hanging request', () => server.journal.includes('hang '))
    const pid = Number(/hang (\d+)/.exec(server.journal)?.[1])
    const started = performance.now()
    await reload(server, 'v2')
    expect((await server.who()).version).toBe('v2')
    await victim.over
    expect(victim.size).toBe(0)
    expect(performance.now() - started).toBeGreaterThan(690)
    await until('the hanging worker to end', () => !isRunning(pid), 3_000)
  })

  test('row 9, with a worker in an endless loop: it is killed', async () => {
    const server = await serve(subject, { options: { timeouts: { graceful: 300 } } })
    server.connect().get('/loop')
    await until('the loop', () => server.journal.includes('loop '))
    const pid = Number(/loop (\d+)/.exec(server.journal)?.[1])
    await reload(server, 'v2')
    expect((await server.who()).version).toBe('v2')
    await until('the looping worker to end', () => !isRunning(pid))
    await server.said(/did not finish in time and is killed/)
  })

  test('row 10: ten HUPs at once are a reload or two, and TERM during a reload is a clean end', async () => {
    const server = await serve(subject)
    for (let i = 0; i < 10; i++) {
      server.signal('SIGHUP')
      await sleep(1)
    }
    await until('the reload', () => server.stderr.includes('reloaded: generation'))
    await sleep(300)
    await until('the last reload', () => {
      const begun = [...server.stderr.matchAll(/is being loaded/g)].length
      return begun === [...server.stderr.matchAll(/reloaded: generation/g)].length
    })
    expect([...server.stderr.matchAll(/is being loaded/g)].length).toBeLessThanOrEqual(2)
    server.script = 'never'
    server.signal('SIGHUP')
    await until('the reload to begin', () => [...server.stderr.matchAll(/is being loaded/g)].length >= 2)
    server.signal('SIGTERM')
    expect(await server.ended).toEqual({ code: 0, signal: null })
    expect(server.told).toContain('not reloaded: the server is stopping')
  })

  test('row 3: a supervisor that was suspended past the worker timeout kills no healthy worker', async () => {
    const server = await serve(subject, { options: { workerTimeout: 500 } })
    const workers = server.workers
    server.signal('SIGSTOP')
    await sleep(1_500)
    server.signal('SIGCONT')
    await sleep(1_000)
    expect(server.workers).toEqual(workers)
    expect(server.stderr).toBe('')
    expect((await server.get('/who')).status).toBe(200)
  })
}
