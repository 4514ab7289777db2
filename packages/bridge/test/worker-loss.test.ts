import { ownMetrics } from '@tsgi/metrics/counting'
import { describe, expect, it } from 'vitest'
import { PYTHON, serveExercises } from './serving.ts'

describe.skipIf(PYTHON === undefined)('a worker that is lost', () => {
  it('fails the request that it was answering; those behind it are answered by the next one, once', async () => {
    const { get, text, log } = await serveExercises()
    const first = await text('/pid')
    // All are with the only lane at once: one is at work, the others wait behind it in the same process.
    const slow = get('/waits')
    const waiting = Promise.all(Array.from({ length: 5 }, () => text('/pid')))
    await expect.poll(() => log.join('\n')).toContain('waiting')
    process.kill(Number(first), 'SIGKILL')
    const died = await slow
    expect(died.status).toBe(500)
    const pids = new Set(await waiting)
    expect(pids.size).toBe(1)
    expect(pids.has(first)).toBe(false)
    expect(log.join('\n')).toMatch(/the worker was ended by SIGKILL while it answered GET \/waits/)
    expect(log.join('\n')).toMatch(/worker \d+ was ended by SIGKILL; another one starts/)
  })

  it('that ends itself is replaced', async () => {
    const { get, text, log } = await serveExercises()
    expect((await get('/dies')).status).toBe(500)
    expect(await text('/')).toBe('Hello')
    const metrics = await ownMetrics(() => {})
    const value = (name: string, at: number) => metrics.find((metric) => metric.name === name)?.values[at]
    expect(value('tsgi_bridge_worker_losses_total', 0)).toMatchObject({ labels: { language: 'Python' }, value: 1 })
    expect(value('tsgi_bridge_workers', 1)).toMatchObject({ labels: { state: 'idle' }, value: 1 })
    expect(log.join('\n')).toMatch(/the worker exited with code 7 while it answered GET \/dies/)
  })

  it('because it hangs has its stack in the log, and what waited behind it is answered', async () => {
    const { get, text, log } = await serveExercises({ handlerTimeout: 1500 })
    const hung = get('/hangs')
    const behind = text('/')
    expect((await hung).status).toBe(500)
    expect(await behind).toBe('Hello')
    expect(log.join('\n')).toContain('GET /hangs: no sign of an answer for 1.5 s')
    expect(log.join('\n')).toMatch(/in hang_here/)
  })

  it('when it has served its number, is replaced without a loss', async () => {
    const { text } = await serveExercises({ maxRequests: 3 })
    const pids: string[] = []
    for (let i = 0; i < 3; i++) pids.push(await text('/pid'))
    expect(new Set(pids).size).toBe(1)
    await expect.poll(() => text('/pid'), { timeout: 15_000 }).not.toBe(pids[0])
  })
})
