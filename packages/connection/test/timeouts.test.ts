/** Deadlines of a connection. Time passes where a test says so. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Application, Body } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { held, type HeldTransport } from './held-transport.ts'
import { deferred } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n'
const hello: Application = (_environ, start) => {
  start(200, [])
  return 'hello'
}

/** Reads the body, then says how long it was. */
const counts: Application = async (environ, start) => {
  let size = 0
  for await (const bytes of environ.input) size += bytes.length
  start(200, [])
  return String(size)
}

/** An application on a connection for which time passes at `pass(milliseconds)`, counted from here on. */
function timed(
  app: Application,
  timeouts: NonNullable<Parameters<typeof held>[1]>['timeouts'],
): { wire: HeldTransport; pass: (time: number) => Promise<void> } {
  const { http, wire } = held(app, { timeouts })
  const { now } = http.clock
  const clock = http.clock as { now: number }
  http.clock.stop()
  let passed = 0
  const pass = async (time: number): Promise<void> => {
    passed += time
    clock.now = now + passed
    wire.connection.tick(clock.now)
    await turn()
  }
  return { wire, pass }
}

describe('a head', () => {
  test('that dribbles gets 408 at an absolute deadline', async () => {
    const { wire, pass } = timed(hello, { headers: 10_000 })
    await pass(9_000)
    wire.receive('GET / HTTP/1.1\r\nX: ')
    for (let i = 0; i < 9; i++) {
      await pass(1_000)
      wire.receive('x')
    }
    expect(wire.sent).toBe('')
    await pass(1_000)
    expect(wire.sent).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n[^]*connection: close/)
    expect(wire.state).toBe('ended')
  })

  test('waits for ever where its timeout is 0', async () => {
    const { wire, pass } = timed(hello, { headers: 0 })
    wire.receive('GET / HTTP/1.1\r\n')
    await pass(1_000_000)
    expect(wire.state).toBe('open')
  })
})

describe('an idle connection', () => {
  test('is closed without a word', async () => {
    const { wire, pass } = timed(hello, { keepAlive: 10_000 })
    await pass(9_999)
    expect(wire.state).toBe('open')
    await pass(1)
    expect(wire.state).toBe('ended')
    expect(wire.sent).toBe('')
  })

  test('is one since its last response', async () => {
    const { wire, pass } = timed(hello, { keepAlive: 10_000 })
    await pass(9_000)
    wire.receive(GET)
    await pass(9_000)
    expect(wire.state).toBe('open')
    await pass(1_000)
    expect(wire.state).toBe('ended')
  })

  test('is one also behind an empty line', async () => {
    const { wire, pass } = timed(counts, { headers: 1_000, keepAlive: 10_000 })
    wire.receive(`${POST.replace('100', '2')}ab\r\n`)
    await turn()
    await pass(9_000)
    expect(wire.state).toBe('open')
    await pass(1_000)
    expect(wire.state).toBe('ended')
    expect(wire.sent.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200'])
  })
})

describe('a body', () => {
  test('that is not complete in time: the read rejects with 408, which is the answer', async () => {
    const { wire, pass } = timed(counts, { body: 10_000, minBodyRate: 0 })
    wire.receive(`${POST}ab`)
    await turn()
    await pass(9_999)
    expect(wire.sent).toBe('')
    await pass(1)
    expect(wire.sent).toMatch(/^HTTP\/1.1 408 [^]*connection: close/)
  })

  test('that is too slow gets 408, once it has had time to begin', async () => {
    const { wire, pass } = timed(counts, { body: 0, minBodyRate: 10 })
    wire.receive(POST)
    for (let i = 0; i < 6; i++) {
      await turn()
      wire.receive('0123456789')
      await turn()
      await pass(1_000)
    }
    expect(wire.sent).toBe('')
    await pass(1_000)
    expect(wire.sent).toMatch(/^HTTP\/1.1 408 /)
  })

  test('that is fast enough is read', async () => {
    const { wire, pass } = timed(counts, { body: 0, minBodyRate: 10 })
    wire.receive(POST)
    for (let i = 0; i < 10; i++) {
      await turn()
      wire.receive('0123456789')
      await pass(900)
    }
    expect(wire.sent).toMatch(/100$/)
  })

  test('that the application does not read runs no clock', async () => {
    const go = deferred()
    const { wire, pass } = timed(
      async (environ, start) => {
        await go.promise
        return counts(environ, start)
      },
      { body: 10_000 },
    )
    wire.receive(`${POST}${'x'.repeat(100)}`)
    await pass(60_000)
    go.resolve()
    await pass(0)
    expect(wire.sent).toMatch(/100$/)
  })
})

describe('a client', () => {
  const large: (finished: (error: unknown) => void) => Application = (finished) => (environ, start) => {
    environ.server.onFinish(finished)
    start(200, [])
    return (function* () {
      for (;;) yield Buffer.alloc(65_536)
    })()
  }

  test('that takes nothing of a response is left', async () => {
    const errors: unknown[] = []
    const { wire, pass } = timed(
      large((error) => errors.push(error)),
      { write: 10_000 },
    )
    wire.flowing = wire.roomy = false
    wire.receive(GET)
    await pass(0)
    await pass(9_999)
    expect(wire.state).toBe('open')
    await pass(1)
    expect(wire.state).toBe('destroyed')
    expect(String(errors[0])).toContain('took nothing')
  })

  test('that takes something is not', async () => {
    const { wire, pass } = timed(
      large(() => {}),
      { write: 10_000 },
    )
    wire.flowing = wire.roomy = false
    wire.receive(GET)
    for (let i = 0; i < 10; i++) {
      await pass(9_000)
      wire.queued--
    }
    expect(wire.state).toBe('open')
  })

  test('that takes nothing is left, also where the application keeps writing', async () => {
    const { wire, pass } = timed(
      (environ, start) => {
        start(200, [])
        return async (out) => {
          while (!environ.server.signal.aborted) {
            void out.write('more')
            await turn()
          }
        }
      },
      { write: 10_000 },
    )
    wire.flowing = false
    wire.receive(GET)
    await turn()
    for (let i = 0; i < 10; i++) await pass(1_000)
    expect(wire.state).toBe('open')
    await pass(1_000)
    expect(wire.state).toBe('destroyed')
  })

  test('that ended its side and takes something is not left', async () => {
    const { wire, pass } = timed(
      large(() => {}),
      { halfClose: 10_000, write: 20_000 },
    )
    wire.flowing = wire.roomy = false
    wire.receive(GET)
    wire.receiveEnd()
    for (let i = 0; i < 10; i++) {
      await pass(9_000)
      wire.queued--
    }
    expect(wire.state).toBe('open')
    await pass(9_000)
    await pass(10_000)
    expect(wire.state).toBe('destroyed')
  })

  test('of another protocol may end its side and take its time', async () => {
    const { wire, pass } = timed(
      ({ server }) =>
        server.upgrade!('x', [], (_input, out) => {
          void out.write('welcome')
          return new Promise(() => {})
        }),
      { halfClose: 10_000, write: 0 },
    )
    wire.flowing = false
    wire.receive('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
    wire.receiveEnd()
    await turn()
    expect(wire.states).toBe('foreign upgraded')
    await pass(1_000)
    await pass(60_000)
    expect(wire.state).toBe('open')
  })

  test('that ended its side is left where its response is silent', async () => {
    const errors: unknown[] = []
    const { wire, pass } = timed(
      (environ) => {
        environ.server.onFinish((error) => errors.push(error))
        return new Promise<Body>(() => {})
      },
      { halfClose: 10_000 },
    )
    wire.receive(GET)
    await pass(60_000)
    wire.receiveEnd()
    await pass(9_999)
    expect(wire.state).toBe('open')
    await pass(1)
    expect(wire.state).toBe('destroyed')
    expect(String(errors[0])).toContain('half-closed')
  })

  test('that has reset behind bytes that are not read is asked for', async () => {
    const { wire, pass } = timed(() => new Promise<Body>(() => {}), {})
    wire.receive(GET)
    await pass(1_000)
    expect(wire.probes).toBe(0)
    wire.receive(GET.repeat(10_000))
    expect(wire.reading).toBe(false)
    await pass(1_000)
    expect(wire.probes).toBe(1)
  })
})
