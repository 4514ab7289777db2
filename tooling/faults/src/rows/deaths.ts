/** Rows 1, 2, 5 and 6: workers that die, hang, or never begin. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { cpuTime, isRunning } from '../processes.ts'
import { serve, type Subject } from '../subject.ts'
import { until } from '../until.ts'

export function deaths(subject: Subject): void {
  test('row 1: a worker killed while it answers breaks that connection and no other, is replaced within a second, and nothing is asked again', async () => {
    const server = await serve(subject)
    const before = server.workers.length
    const others = await Promise.all([1, 2, 3, 4].map(() => server.connect().connected))
    // Settled from the start: one that shares the victim's process breaks before anybody looks.
    const slow = Promise.allSettled(Array.from({ length: 3 }, () => server.get('/slow?400')))
    const victim = server.connect().get('/kill')
    await until('the fault', () => server.journal.includes('kill '))
    const killedAt = performance.now()
    const [, pid] = /kill (\d+)/.exec(server.journal) as RegExpExecArray
    await victim.over
    expect(victim.size).toBe(0)
    await until('another worker', async () => (await server.who()).pid !== Number(pid))
    // On the process server the count follows the connections; there, an answer from another process says it.
    if (subject.name === 'cluster') await until('as many workers as before', () => server.workers.length >= before)
    expect(performance.now() - killedAt).toBeLessThan(1_000)
    expect(server.journal.match(/kill /g)).toHaveLength(1)
    expect(others).toHaveLength(4)
    for (const answer of await slow) {
      // Those that shared the process have shared its fate; on a process of their own there is none.
      if (subject.name === 'process') expect(answer.status).toBe('fulfilled')
      else if (answer.status === 'fulfilled') expect(answer.value.body).not.toContain(` ${pid}`)
    }
    expect((await server.get('/who')).status).toBe(200)
  })

  test('row 2: a handler that loops forever is killed after the worker timeout, and others are served meanwhile', async () => {
    const server = await serve(subject, { options: { workerTimeout: 1_500 } })
    const victim = server.connect().get('/loop')
    await until('the loop', () => server.journal.includes('loop '))
    const pid = Number(/loop (\d+)/.exec(server.journal)?.[1])
    const started = performance.now()
    let served = 0
    while (isRunning(pid)) {
      await server.get('/who')
      served++
      expect(performance.now() - started).toBeLessThan(15_000)
    }
    expect(served).toBeGreaterThan(2)
    await victim.over
    expect(victim.size).toBe(0)
    await server.said(new RegExp(`pid ${pid}\\) gave no sign of life for 1.5 s \\(--worker-timeout\\) and was killed`))
    // Where it was, as the runtime tells it.
    await server.said(/KEYBOARD_INTERRUPT[^]*application\.ts:\d+/)
  })

  test('row 5: workers that die soon after every start are started ever later, by an idle supervisor that says why', async () => {
    const server = await serve(subject)
    server.script = 'die soon'
    for (const pid of server.workers) process.kill(pid, 'SIGKILL')
    await server.said(/exited with code 9.*ends in a row, another is started in/)
    const waits = await until('a long wait', () => {
      const found = [...server.stderr.matchAll(/another is started in ([\d.]+) s/g)].map((match) => Number(match[1]))
      return found.some((wait) => wait > 0.7) ? found : null
    })
    expect(waits.every((wait) => wait <= 12.5)).toBe(true)
    const before = cpuTime(server.pid)
    await sleep(500)
    expect(cpuTime(server.pid) - before).toBeLessThan(150)
    server.script = 'v1'
    await until('an answer', async () => (await server.get('/who').catch(() => null))?.status === 200, 15_000)
  })

  test('row 6: an application that never finishes loading is killed at the boot timeout, and tried again later', async () => {
    const server = await serve(subject, { options: { bootTimeout: 1_500 } })
    server.script = 'never'
    const [victim] = server.workers
    process.kill(victim as number, 'SIGKILL')
    await server.said(/was not ready within 1.5 s \(--boot-timeout\); \d ends in a row, another is started in/)
    server.script = 'v1'
    await until('an answer by everybody', async () => (await server.get('/who')).status === 200, 15_000)
  })

  test('row 6, at the first start: it is given up with exit code 3, and nobody is left', async () => {
    const { launch } = await import('../subject.ts')
    const server = launch(subject, { script: 'never', options: { bootTimeout: 700 } })
    expect((await server.ended).code).toBe(3)
    expect(server.stderr).toContain('was not ready within 0.7 s (--boot-timeout)')
  })
}
