/** Row 7 at length: many reloads, under load that leaves the server no pause, and behind a proxy that keeps its connections. */
import type { TcpNetConnectOpts } from 'node:net'
import { expect, test } from 'vitest'
import { load } from '../load.ts'
import { hasNginx, nginx } from '../nginx.ts'
import { serve, type ServerUnderTest, type Subject } from '../subject.ts'
import { until } from '../until.ts'
import { hasWrk, wrk } from '../wrk.ts'

const LIMIT = 180_000
/** Answers between two reloads. */
const ANSWERS = 40

async function reload(server: ServerUnderTest, round: number): Promise<void> {
  server.script = `v${round + 1}`
  server.signal('SIGHUP')
  await until(`reload ${round}`, () => [...server.told.matchAll(/^reloaded$/gm)].length === round, 60_000)
}

export function manyReloads(subject: Subject): void {
  test.skipIf(!hasWrk)(
    'ten reloads under wrk, with kept and with new connections, fail no request',
    async () => {
      const server = await serve(subject, { options: subject.name === 'process' ? { maxProcesses: 24 } : {} })
      const { port } = server.target as TcpNetConnectOpts
      const url = `http://127.0.0.1:${port}/who`
      const loads = [
        wrk(url, subject.name === 'process' ? 4 : 32),
        wrk(url, subject.name === 'process' ? 2 : 8, 'connection: close'),
      ]
      for (let round = 1; round <= 10; round++) {
        await reload(server, round)
        expect((await server.who()).version).toBe(`v${round + 1}`)
      }
      for (const { answered, failed, report } of await Promise.all(loads.map((running) => running.stop()))) {
        expect(failed, report).toBe(0)
        expect(answered).toBeGreaterThan(20)
      }
    },
    LIMIT,
  )

  test.skipIf(!hasNginx)(
    'twenty reloads behind nginx, which keeps its connections and repeats nothing, give no answer but 200',
    async () => {
      // The proxy's patience is the shorter one, as it has to be in front of any server.
      const timeouts = { keepAlive: 75_000 }
      const server = await serve(subject, {
        options: subject.name === 'process' ? { maxProcesses: 24, timeouts } : { timeouts },
      })
      const proxy = await nginx(server.target as TcpNetConnectOpts, 8)
      const running = load(proxy, { kept: 4, fresh: 2 })
      for (let round = 1; round <= 20; round++) {
        const before = running.answered
        await until('answers before the reload', () => running.answered > before + ANSWERS, 60_000)
        await reload(server, round)
      }
      const { failures, answered, versions, connections } = await running.stop()
      expect(failures).toEqual([])
      expect(versions.size).toBeGreaterThan(15)
      // It writes a line when it is done with a request, which is after the client has the answer.
      const lines = (): string[] => proxy.log.trim().split('\n')
      await until('a line for each answer', () => lines().length >= answered)
      expect(lines().filter((line) => line !== '200 200')).toEqual([])
      // Most connections were used again, or this would prove nothing.
      expect(connections).toBeLessThan(answered / 2)
    },
    LIMIT,
  )
}
