/** Those that cannot be quick. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { load } from '../load.ts'
import { serve, type Subject } from '../subject.ts'
import { until } from '../until.ts'

export function slowClients(subject: Subject): void {
  test('row 15: a body that comes below the minimum rate is answered 408, and others are served', async () => {
    const server = await serve(subject, { options: { timeouts: { minBodyRate: 500, body: 60_000 } } })
    const client = server.connect().send('POST /upload HTTP/1.1\r\nhost: test\r\ncontent-length: 100000\r\n\r\n')
    const started = performance.now()
    const dribble = setInterval(() => client.send('0123456789'), 100)
    expect((await server.get('/who')).status).toBe(200)
    expect((await client.response()).status).toBe(408)
    clearInterval(dribble)
    // The rate is looked at after five seconds.
    expect(performance.now() - started).toBeGreaterThan(4_500)
    await until('the end', () => client.ended)
  })
}

export function manyReloads(subject: Subject): void {
  test('ten reloads under load fail no request', async () => {
    const server = await serve(subject)
    const running = load(server, { kept: 8, fresh: 4 })
    for (let round = 1; round <= 10; round++) {
      server.script = `v${round + 1}`
      server.signal('SIGHUP')
      await until(`reload ${round}`, () => [...server.told.matchAll(/^reloaded$/gm)].length === round)
      await sleep(200)
    }
    const { failures, answered } = await running.stop()
    expect(failures).toEqual([])
    expect(answered).toBeGreaterThan(100)
  })
}
