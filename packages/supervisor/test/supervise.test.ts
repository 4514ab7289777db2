/** The supervisor's hands with real processes and real sockets. What is decided is tested without any, in `src/fleet`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, until, zombiesOf } from '@tsgi/faults'
import { describe, expect, it } from 'vitest'
import { connect, meet, order, POOL, script, SLOTS, start, who } from './harness.ts'

describe('workers', () => {
  it('accept in all slots, and are told of in the status', async () => {
    const server = await start()
    const first = await meet(server, ({ slot }) => slot === 0)
    const second = await meet(server, ({ slot }) => slot === 1)
    const { workers, phase, generation, restarts, requests } = await server.status()
    expect({ phase, generation, restarts }).toEqual({ phase: 'running', generation: 1, restarts: 0 })
    expect(requests).toBeGreaterThanOrEqual(2)
    expect(workers.map(({ pid, slot }) => ({ pid, slot }))).toEqual([
      { pid: first.pid, slot: 0 },
      { pid: second.pid, slot: 1 },
    ])
    expect(workers[0]?.memory).toBeGreaterThan(10_000_000)
  })

  it('look like processes without a parent to the application', async () => {
    const server = await start()
    expect(await order(server, 'send')).toBe('undefined undefined\n')
  })

  it('log through the supervisor, with the stack of an error', async () => {
    const log: string[] = []
    const server = await start({ log })
    await order(server, 'log')
    await until('the log line', () => log.length > 0)
    expect(log[0]).toBe('warn: said by the worker Error: with a stack')
  })

  it('are replaced when they die, though what they have started holds their channel open', async () => {
    const server = await start()
    const { pid, slot } = await who(server)
    await until('the worker to die', async () => {
      await order(server, 'leave an heir').catch(() => {})
      return !isRunning(pid)
    })
    await meet(server, (worker) => worker.slot === slot && worker.pid !== pid)
    const asked = performance.now()
    await server.close()
    expect(performance.now() - asked).toBeLessThan(3_000)
  })
})

describe('connections of a worker that is away', () => {
  it('wait in the queue while nobody is there', async () => {
    const server = await start({ plan: { shape: { ...SLOTS, workers: 1 } } })
    const { pid } = await who(server)
    process.kill(pid, 'SIGSTOP')
    const waiting = Array.from({ length: 20 }, () => who(server))
    await sleep(50)
    process.kill(pid, 'SIGKILL')
    const answers = await Promise.all(waiting)
    expect(answers.every((answer) => answer.pid !== pid)).toBe(true)
  })
})

describe('the start', () => {
  it('fails with the cause when the application does not load, and leaves nobody', async () => {
    await expect(start({ script: script('throw') })).rejects.toMatchObject({
      code: 'TSGI_ERR_APP_LOAD',
      message: 'this application is broken',
      cause: { message: 'this application is broken' },
    })
    expect(zombiesOf(process.pid)).toEqual([])
  })
})

describe('a reload', () => {
  it('serves new code, in new processes', async () => {
    const how = script()
    const server = await start({ script: how })
    how.set('v2')
    await server.reload()
    const { version, generation } = await who(server)
    expect({ version, generation }).toEqual({ version: 'v2', generation: 2 })
  })

  it('rejects when the new code does not load, and the old goes on', async () => {
    const how = script()
    const server = await start({ script: how })
    how.set('throw')
    await expect(server.reload()).rejects.toMatchObject({ code: 'TSGI_ERR_APP_LOAD' })
    expect(await who(server)).toMatchObject({ version: 'v1', generation: 1 })
  })
})

describe('a pool', () => {
  it('serves one connection with each process', async () => {
    const server = await start({ plan: { shape: POOL } })
    const answers = []
    for (let i = 0; i < 8; i++) answers.push(await who(server))
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(8)
    expect(server.stats().accepted).toBeLessThanOrEqual(8)
    await until('all to be counted', () => server.stats().accepted === 8)
    await until('two to wait', async () => {
      const { workers } = await server.status()
      return workers.length === 2 && workers.every(({ phase }) => phase === 'accepting')
    })
    expect(zombiesOf(process.pid)).toEqual([])
  })

  it('refuses to keep more waiting than there may be', async () => {
    const server = await start({ plan: { shape: POOL } })
    expect(() => server.scale(5)).toThrow('cannot scale to 5: expected a whole number from 1 to 4 (--max-processes)')
    expect(() => server.scale(0)).toThrow('cannot scale to 0')
  })
})

describe('the end', () => {
  it('waits for what is in flight, as long as it may', async () => {
    const server = await start()
    const socket = await connect(server)
    socket.write('hang\n')
    await until('the request to be counted', async () => (await server.status()).requests === 1)
    const started = performance.now()
    expect(await server.close({ graceful: 300 })).toEqual({ cutOff: 1 })
    expect(performance.now() - started).toBeGreaterThan(290)
  })
})
