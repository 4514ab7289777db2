/** The end of a server: what its connections still answer, and how long they wait. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Application, Body } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { held } from './held-transport.ts'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const hello: Application = (_environ, start) => {
  start(200, [])
  return 'hello'
}

test('a response that is still on its way to a slow client when the server drains ends the connection, not the graceful limit', async () => {
  const { http, wire } = held(hello, { access: () => {} })
  wire.flowing = false
  wire.receive('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(wire.sent).toMatch(/hello$/)
  const drained = http.drain({ graceful: 60_000, idleGrace: 0 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wire.state).toBe('open')
  wire.drain()
  await expect.poll(() => wire.state).toBe('ended')
  wire.receiveEnd()
  expect(await drained).toEqual({ cutOff: 0 })
})

test('a second drain with less patience for idle connections ends them sooner', async () => {
  const { http, wire } = held(hello)
  wire.receive(GET)
  const first = http.drain({ graceful: 60_000, idleGrace: 60_000 })
  void http.drain({ graceful: 60_000, idleGrace: 0 })
  await expect.poll(() => wire.state).toBe('ended')
  wire.receiveEnd()
  wire.close()
  expect(await first).toEqual({ cutOff: 0 })
})

test('a second drain with graceful: 0 ends the time that a client has to close its side', async () => {
  const { http, wire } = held(hello)
  wire.receive(GET)
  const first = http.drain({ graceful: 60_000, idleGrace: 0 })
  await expect.poll(() => wire.state).toBe('ended')
  void http.drain({ graceful: 0 })
  expect(await Promise.race([first, sleep(900, 'waited')])).toEqual({ cutOff: 0 })
  expect(wire.state).toBe('destroyed')
})

test('lets an idle connection have its last request answered', async () => {
  const { http, connect } = await serving(hello)
  const client = connect().send(GET)
  await client.responses(1)
  const closing = http.drain()
  client.send(GET)
  const [, second] = await client.responses(2)
  expect(second?.head).toContain('connection: close')
  client.end()
  await closing
})

test('cuts off at the graceful limit, without a final chunk', async () => {
  const { http, connect } = await serving((_environ, start) => {
    start(200, [])
    let begun = false
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => (begun ? new Promise<never>(() => {}) : ((begun = true), Promise.resolve({ value: 'a' }))),
      }),
    }
  })
  const client = await connect().send(GET).contains('1\r\na\r\n')
  expect(await http.drain({ graceful: 50 })).toEqual({ cutOff: 1 })
  expect(await client.toEnd()).not.toContain('0\r\n\r\n')
})
test('waits for a response where the graceful limit is longer than a timer can wait', async () => {
  const answer = deferred<Body>()
  const { http, wire } = held((_environ, start) => {
    start(200, [])
    return answer.promise
  })
  wire.receive(GET)
  const drained = http.drain({ graceful: Infinity, idleGrace: 0 })
  await sleep(20)
  answer.resolve('late')
  await expect.poll(() => wire.state).toBe('ended')
  wire.receiveEnd()
  expect(await drained).toEqual({ cutOff: 0 })
})

test('ends with the last body that closes, whatever calls are still at work', async () => {
  const endless = deferred<Body>()
  const { http, connect } = await serving((environ, start) => {
    if (environ.pathInfo === '/call') return endless.promise
    start(200, [])
    return (async function* () {
      try {
        yield 'begun'
        for await (const _ of environ.input);
      } finally {
        await sleep(10)
      }
    })()
  })
  connect().send('GET /call HTTP/1.1\r\nHost: a\r\n\r\n')
  await connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n').contains('begun')
  await expect.poll(() => http.stats().active).toBe(2)
  expect(await Promise.race([http.drain({ graceful: 0 }), sleep(1500, 'waited')])).toEqual({ cutOff: 2 })
  endless.resolve(null)
})

test('a second close with graceful: 0 hurries the first', async () => {
  const called = deferred()
  const { http, connect } = await serving(() => {
    called.resolve()
    return new Promise<Body>(() => {})
  })
  connect().send(GET)
  await called.promise
  const first = http.drain({ graceful: 60_000 })
  void http.drain({ graceful: 0 })
  expect(await first).toEqual({ cutOff: 1 })
})
