/**
 * Rows 1 and 7 under seeded traffic: whatever makes workers come and go, no request is lost that a client could count on, but
 * those in flight on a worker that was killed.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { hasNginx, nginx } from '../nginx.ts'
import { serve, type ServerUnderTest, type Subject } from '../subject.ts'
import { traffic } from '../traffic.ts'
import { until } from '../until.ts'

export interface PromisesOptions {
  readonly seed: number
  /** How often everything is done. */
  readonly rounds: number
}

const CLIENTS = 8

export function promises(subject: Subject, { seed, rounds }: PromisesOptions): void {
  const options = { timeouts: { keepAlive: 75_000 } }
  const limit = 20_000 + rounds * 20_000

  const reload = async (server: ServerUnderTest): Promise<void> => {
    const count = (): number => server.told.match(/^reloaded$/gm)?.length ?? 0
    const before = count()
    server.signal('SIGHUP')
    await until('the reload', () => count() > before, 15_000)
  }
  const scale = async (server: ServerUnderTest, signal: 'SIGTTIN' | 'SIGTTOU'): Promise<void> => {
    const count = (): number => server.told.match(/^scaled/gm)?.length ?? 0
    const before = count()
    server.signal(signal)
    await until('the order', () => count() > before)
  }
  /** Each with traffic before, meanwhile and after. */
  const changes = async (server: ServerUnderTest): Promise<void> => {
    const steps = [
      () => reload(server),
      () => scale(server, 'SIGTTIN'),
      () => reload(server),
      () => scale(server, 'SIGTTOU'),
      () => signalWorker(server, 'SIGTERM'),
    ]
    for (let round = 0; round < rounds; round++) {
      for (const step of steps) {
        await step()
        await sleep(200)
      }
    }
  }

  test(
    'row 7: reloads, scaling and TERM to a worker lose nothing',
    async () => {
      const server = await serve(subject, { options })
      const running = traffic(server, { seed, clients: CLIENTS, pipeline: 4 })
      await changes(server)
      const { lost, wrong, answered } = await running.stop()
      expect({ lost, wrong }).toEqual({ lost: [], wrong: [] })
      expect(answered).toBeGreaterThan(20 * rounds)
    },
    limit,
  )

  test.skipIf(subject.name !== 'cluster').each([
    ['after so many requests', { maxRequests: 40, maxRequestsJitter: 20 }],
    // Over it from the start: at every beat a worker is replaced.
    ['over so much memory', { maxRss: 2 ** 20 }],
  ])(
    'row 7: recycling %s loses nothing',
    async (_when, recycling) => {
      const server = await serve(subject, { options: { ...options, ...recycling, workerTimeout: 2_000 } })
      const running = traffic(server, { seed, clients: CLIENTS, pipeline: 4 })
      await until(
        'workers to be replaced',
        () => (server.stderr.match(/will be replaced/g)?.length ?? 0) >= 4 * rounds,
        limit,
      )
      await sleep(1_000)
      const { lost, wrong, pids } = await running.stop()
      expect({ lost, wrong }).toEqual({ lost: [], wrong: [] })
      expect(pids.size).toBeGreaterThan(2)
    },
    limit,
  )

  test(
    'row 1: a worker that is killed loses what it had in flight, and nothing else',
    async () => {
      const server = await serve(subject, { options })
      const running = traffic(server, { seed, clients: CLIENTS, pipeline: 4 })
      const kills: { readonly pid: number; readonly at: number }[] = []
      for (let round = 0; round < 2 * rounds; round++) {
        const before = running.answered
        await until('traffic', () => running.answered > before + 20)
        const at = performance.now()
        const pid = signalWorker(server, 'SIGKILL')
        if (pid !== undefined) kills.push({ pid, at })
      }
      const { lost, wrong } = await running.stop()
      const unexcused = lost.filter(
        ({ pid, at }) =>
          !kills.some((kill) =>
            // A connection that had no answer yet does not say whose it was.
            pid === null ? at > kill.at && at < kill.at + 1_000 : pid === String(kill.pid),
          ),
      )
      expect({ unexcused, wrong }).toEqual({ unexcused: [], wrong: [] })
      expect(lost.length).toBeLessThanOrEqual(kills.length * CLIENTS)
    },
    limit,
  )

  test.skipIf(!hasNginx)(
    'row 7: neither do they behind nginx, which keeps its connections to the server',
    async () => {
      const server = await serve(subject, { options })
      const front = await nginx(server.target as { readonly host: string; readonly port: number }, 16)
      const running = traffic(front, { seed, clients: CLIENTS, pipeline: 1 })
      await changes(server)
      const { lost, wrong, answered } = await running.stop()
      expect({ lost, wrong }).toEqual({ lost: [], wrong: [] })
      expect(answered).toBeGreaterThan(20 * rounds)
    },
    limit,
  )
}

/** Signals one of the workers. A worker that is replaced, or served its one connection, may end meanwhile. @returns its pid */
function signalWorker(server: ServerUnderTest, signal: NodeJS.Signals): number | undefined {
  return server.workers.find((pid) => {
    try {
      return process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
      throw error
    }
  })
}
