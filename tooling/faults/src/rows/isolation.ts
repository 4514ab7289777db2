/** Row 26, and what isolation buys: who suffers when an application leaks until it dies, exits, overwrites a global, or fails. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { serve, type Subject } from '../subject.ts'
import { until } from '../until.ts'

export function isolation(subject: Subject): void {
  const harmed = subject.name === 'process' ? 'one connection' : 'one worker'

  test.each([
    ['leaks until it dies', '/leak'],
    ['calls process.exit', '/exit'],
  ])(`an application that %s harms ${harmed}`, async (_what, path) => {
    // The bystander is idle for as long as the victim takes to die.
    const server = await serve(subject, {
      options: { maxOldSpace: 48 * 2 ** 20, timeouts: { keepAlive: 75_000 } },
    })
    const bystander = server.connect().get('/who')
    const { pid } = JSON.parse((await bystander.response()).body) as { readonly pid: number }
    const victim = server.connect().get(path)
    await victim.over
    expect(victim.size).toBe(0)
    expect((await server.get('/who')).status).toBe(200)
    const again = await bystander
      .get('/who')
      .response()
      .catch(() => null)
    if (subject.name === 'process') expect(JSON.parse(again?.body ?? 'null')).toMatchObject({ pid })
  })

  test(`an application that overwrites a global harms ${harmed}`, async () => {
    const server = await serve(subject)
    expect((await server.get('/overwrite')).body).toBe('overwritten')
    const answers = await Promise.all(Array.from({ length: 24 }, () => server.get('/read-global')))
    const bodies = new Set(answers.map(({ body }) => body))
    expect(bodies).toEqual(new Set(subject.name === 'process' ? ['mine'] : ['mine', 'overwritten']))
  })

  test('an exception out of reach is told with its stack; the answer is given, and the worker is replaced', async () => {
    const server = await serve(subject)
    const { body } = await server.get('/throw-later')
    expect(body).toBe('thrown')
    await server.said(/error: uncaught exception[^]*thrown out of reach[^]*application\.ts/)
    await server.said(/had an uncaught exception/)
    expect((await server.get('/who')).status).toBe(200)
  })

  test('row 26: exceptions out of reach, one after the other, cost no other client a request', async () => {
    const server = await serve(subject, { options: { timeouts: { keepAlive: 75_000 } } })
    for (let round = 1; round <= 3; round++) {
      const others = Array.from({ length: 4 }, () => server.connect().get('/who'))
      for (const client of others) await client.response()
      expect((await server.get('/throw-later')).body).toBe('thrown')
      await until('the exception', () => server.stderr.match(/error: uncaught exception/g)?.length === round)
      // Long enough for a worker that leaves its idle connections no grace to have closed them.
      await sleep(200)
      for (const client of others) {
        expect((await client.get('/who').response()).status).toBe(200)
        client.close()
      }
    }
  })

  test('a rejected promise that nobody awaited is told with its stack, and its process goes on', async () => {
    const server = await serve(subject)
    const client = server.connect()
    const pid = async (): Promise<unknown> =>
      (JSON.parse((await client.get('/who').response()).body) as { readonly pid: number }).pid
    const before = await pid()
    expect((await client.get('/reject-later').response()).body).toBe('rejected')
    await server.said(
      /error: a promise was rejected and nobody awaited it[^]*rejected, and nobody awaits it[^]*application\.ts/,
    )
    expect(await pid()).toBe(before)
    expect(server.stderr).not.toContain('another is started')
  })

  test('an exception in the application is a 500 to one request, and one in a body breaks one connection', async () => {
    const server = await serve(subject)
    const { status, body } = await server.get('/throw')
    expect(status).toBe(500)
    expect(body).not.toContain('thrown by the application')
    const half = server.connect().get('/half')
    await half.over
    expect(half.received).not.toContain('\r\n0\r\n\r\n')
    await until(
      'both to be told',
      () => /thrown by the application/.test(server.stderr) && /thrown half-way/.test(server.stderr),
    )
  })
}
