/** A head that did not say `close` promises an answer to the next request, whatever the server does meanwhile (RFC 9112 §9.3). */
import type { Application } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { held, HeldTransport } from './held-transport.ts'
import { deferred, serving } from './serving.ts'

const GET = 'GET /next HTTP/1.1\r\nHost: a\r\n\r\n'
const NO_HURRY = { graceful: 60_000, idleGrace: 0 }

/** Sends the head and `begun` at once, `ended` when `end` is called; answers every other path at once. */
function streaming(): { app: Application; end: () => void } {
  const ending = deferred()
  const app: Application = (environ, start) => {
    start(200, [])
    if (environ.pathInfo === '/next') return 'next'
    return async (out) => {
      await out.write('begun')
      await ending.promise
      await out.write('ended')
    }
  }
  return { app, end: ending.resolve }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** What was sent after the stream, once the connection has ended. */
async function afterStream(wire: HeldTransport): Promise<string> {
  await expect.poll(() => wire.state).toBe('ended')
  return wire.sent.slice(wire.sent.indexOf('ended\r\n0\r\n\r\n') + 12)
}

test.each(['GET', 'POST'])(
  'the request after a streamed response that spans a drain is answered (%s)',
  async (method) => {
    const { app, end } = streaming()
    const { http, wire } = held(app)
    wire.receive(GET.replace('/next', '/stream'))
    await turn()
    expect(wire.sent).not.toContain('connection: close')
    const drained = http.drain(NO_HURRY)
    end()
    await turn()
    wire.receive(`${method} /next HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n`)
    wire.receive('ab')
    expect(await afterStream(wire)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close[^]*next$/)
    wire.close()
    expect(await drained).toEqual({ cutOff: 0 })
  },
)

test('a request pipelined behind a streamed response that spans a drain is answered', async () => {
  const { app, end } = streaming()
  const { http, wire } = held(app)
  wire.receive(GET.replace('/next', '/stream') + GET)
  await turn()
  void http.drain(NO_HURRY)
  end()
  expect(await afterStream(wire)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close[^]*next$/)
})

test('the grace begins when the client has taken the last response, not when it was written', async () => {
  const { app, end } = streaming()
  const { http, wire } = held(app)
  wire.receive(GET.replace('/next', '/stream'))
  await turn()
  wire.flowing = false
  void http.drain(NO_HURRY)
  end()
  await turn()
  // Longer than the grace.
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wire.state).toBe('open')
  wire.drain()
  wire.receive(GET)
  expect(await afterStream(wire)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close[^]*next$/)
})

test('the rest of a body that nobody read and the request behind it are taken in a drain, too', async () => {
  const { app, end } = streaming()
  const { http, wire } = held(app)
  wire.receive('POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
  await turn()
  void http.drain(NO_HURRY)
  end()
  await turn()
  await new Promise((resolve) => setTimeout(resolve, 20))
  wire.receive(`defghij${GET}`)
  expect(await afterStream(wire)).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close[^]*next$/)
})

test('a request that was received within the grace is answered, however late a busy process reads it', async () => {
  const { http, connect } = await serving(streaming().app, {}, 'sockets')
  const client = connect()
  client.send(GET)
  await client.responses(1)
  client.received = ''
  const drained = http.drain({ graceful: 60_000, idleGrace: 20 })
  client.send(GET)
  const end = performance.now() + 40
  while (performance.now() < end);
  expect(await client.toEnd()).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close[^]*next$/)
  client.end()
  await drained
})

test('a connection that is accepted late in a drain gets the grace, and no more', async () => {
  const { http, wire: first } = held(streaming().app)
  void http.drain(NO_HURRY)
  await expect.poll(() => first.state).toBe('ended')
  const second = new HeldTransport()
  http.accept(second)
  expect(second.state).toBe('open')
  await expect.poll(() => second.state).toBe('ended')
})

test('a client that neither asks again nor leaves is left after the grace', async () => {
  const { app, end } = streaming()
  const { http, wire } = held(app)
  wire.receive(GET.replace('/next', '/stream'))
  await turn()
  void http.drain(NO_HURRY)
  end()
  expect(await afterStream(wire)).toBe('')
})
