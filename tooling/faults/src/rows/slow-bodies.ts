/** Row 15 as it is by default: the rate of a body is looked at after five seconds. */
import { expect, test } from 'vitest'
import { serve, type Subject } from '../subject.ts'
import { until } from '../until.ts'

export function slowBodies(subject: Subject): void {
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
