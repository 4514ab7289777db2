/** More of what `supervise.test.ts` asks: real processes, each a matter of seconds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuTime, isRunning, until, zombiesOf } from '@tsgi/faults'
import { describe, expect, it } from 'vitest'
import { connect, meet, order, pidsOf, POOL, script, SLOTS, start, who } from './harness.ts'

describe('workers', () => {
  it('are replaced when they die, and leave no zombie', async () => {
    const server = await start()
    const { pid, slot } = await who(server)
    process.kill(pid, 'SIGKILL')
    await meet(server, (worker) => worker.slot === slot && worker.pid !== pid)
    expect(zombiesOf(process.pid)).not.toContain(pid)
  })

  it('finish what they have begun after an uncaught exception, while another takes their place', async () => {
    const server = await start()
    const before = await who(server)
    const kept = await until('a connection to that worker', async () => {
      const socket = await connect(server)
      const said = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
      socket.write('who\n')
      return (await said).startsWith(`${before.pid} `) ? socket : null
    })
    await until('the exception', async () => {
      void order(server, 'throw').catch(() => {})
      return (await server.status()).ends.some(({ pid }) => pid === before.pid)
    })
    await meet(server, ({ slot, pid }) => slot === before.slot && pid !== before.pid)
    const answer = new Promise<string>((resolve) => kept.once('data', (data) => resolve(String(data))))
    kept.write('who\n')
    expect(await answer).toMatch(new RegExp(`^${before.pid} `))
  })
})

describe('connections of a worker that is away', () => {
  it('are served by the others while it is hung, before it is killed', async () => {
    const server = await start({ plan: { workerTimeout: 3_000 } })
    const pids = await pidsOf(server)
    const before = Math.max(...pids.map(cpuTime))
    void order(server, 'loop').catch(() => {})
    const hung = await until('one to loop', () => pids.find((pid) => cpuTime(pid) > before + 100))
    // Half of these come to the hung one's queue.
    const answers = await Promise.all(Array.from({ length: 40 }, () => who(server)))
    expect(isRunning(hung)).toBe(true)
    expect(answers.some(({ pid }) => pid === hung)).toBe(false)
    await until('the hung worker to be killed', () => !isRunning(hung))
  })

  it('are served by the others while it cannot be started again', async () => {
    const how = script()
    const server = await start({ script: how })
    how.set('throw')
    process.kill((await who(server)).pid, 'SIGKILL')
    const answers = await Promise.all(Array.from({ length: 40 }, () => who(server)))
    expect(new Set(answers.map(({ slot }) => slot)).size).toBe(1)
  })

  it('of a slot that was given up are served for good', async () => {
    const server = await start({ plan: { shape: { ...SLOTS, workers: 3 } } })
    server.scale(1)
    await until('one worker', async () => (await server.status()).workers.length === 1)
    const answers = await Promise.all(Array.from({ length: 60 }, () => who(server)))
    expect(new Set(answers.map(({ slot }) => slot))).toEqual(new Set([0]))
    server.scale(2)
    await meet(server, ({ slot }) => slot === 1)
    await server.reload()
    const later = await Promise.all(Array.from({ length: 60 }, () => who(server)))
    expect(later.every(({ pid }) => pid > 0)).toBe(true)
  })
})

describe('the start', () => {
  it('fails when a worker exits', async () => {
    await expect(start({ script: script('exit') })).rejects.toMatchObject({
      code: 'TSGI_ERR_STARTUP',
      message: 'a worker exited with code 7',
    })
  })

  it('fails when the application is never ready', async () => {
    await expect(start({ script: script('never'), plan: { bootTimeout: 500 } })).rejects.toMatchObject({
      code: 'TSGI_ERR_STARTUP',
      message: 'a worker was not ready within 0.5 s (--boot-timeout)',
    })
  })

  it('fails when the program cannot be run', async () => {
    await expect(start({ nodeFlags: ['--no-such-flag'] })).rejects.toMatchObject({
      code: 'TSGI_ERR_STARTUP',
      message: 'a worker exited with code 9',
    })
  })
})

describe('a reload', () => {
  it('is answered while an old worker finishes what it has begun', async () => {
    const server = await start()
    const reload = async (): Promise<number> => {
      const started = performance.now()
      await server.reload()
      return performance.now() - started
    }
    const usual = await reload()
    const socket = await connect(server)
    socket.write('hang\n')
    await until('the request to be counted', async () => (await server.status()).requests === 1)
    // A worker that did not say that its sockets are closed would be waited for, two seconds.
    expect(await reload()).toBeLessThan(usual + 1_500)
    const { workers } = await server.status()
    expect(workers.filter(({ phase }) => phase === 'draining')).toHaveLength(1)
  })

  it('rejects when the server has ended', async () => {
    const server = await start()
    await server.close()
    await expect(server.reload()).rejects.toThrow('the server has ended')
  })
})

describe('a pool', () => {
  it('lets connections wait when all processes are taken', async () => {
    const server = await start({ plan: { shape: POOL } })
    const held = await Promise.all(Array.from({ length: 4 }, () => connect(server)))
    await until('all to be taken', async () =>
      (await server.status()).workers.every(({ phase }) => phase === 'serving'),
    )
    const waiting = who(server)
    expect(await Promise.race([waiting, sleep(200, 'waiting')])).toBe('waiting')
    held[0]?.destroy()
    expect((await waiting).pid).toBeGreaterThan(0)
  })
})

describe('the end', () => {
  it('comes at once when it is hurried', async () => {
    const server = await start()
    const socket = await connect(server)
    socket.write('hang\n')
    await until('the request to be counted', async () => (await server.status()).requests === 1)
    const slow = server.close()
    const started = performance.now()
    await server.close({ graceful: 0 })
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(await slow).toEqual({ cutOff: 1 })
  })
})
