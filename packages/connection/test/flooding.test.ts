/** Clients that send what nobody takes: they are made to wait, or it is thrown away; it never piles up. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Application } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { held } from './held-transport.ts'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const PIECE = Buffer.alloc(64 * 1024, 'x')
const MANY = 1000
/** Far less than what is sent. */
const LITTLE = 8 * 1024 * 1024

/** Sends as long as the server reads; `null` where it has stopped, else the memory that it cost. */
function flood(wire: { readonly reading: boolean; lend(bytes: Buffer): void }): number | null {
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < MANY; i++) {
    if (!wire.reading) return null
    wire.lend(PIECE)
  }
  return process.memoryUsage().arrayBuffers - before
}

describe('bytes that nobody takes', () => {
  test('while a request is answered: reading stops', () => {
    const { wire } = held(() => new Promise(() => {}))
    wire.receive(GET)
    expect(flood(wire)).toBeNull()
  })

  test('of a body that the application does not read: reading stops', () => {
    const { wire } = held(() => new Promise(() => {}))
    wire.receive('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n')
    expect(flood(wire)).toBeNull()
  })

  test('behind a response that the client does not take: reading stops', () => {
    const { wire } = held((_environ, start) => {
      start(200, [])
      return 'a'
    })
    wire.flowing = wire.roomy = false
    wire.receive(GET)
    wire.receive(GET)
    expect(flood(wire)).toBeNull()
  })

  test('after the last response, of which a part is still queued: they are thrown away', () => {
    const { wire } = held((_environ, start) => {
      start(200, ['connection', 'close'])
      return 'a'
    })
    wire.flowing = false
    wire.receive(GET)
    expect(wire.sent).toMatch(/a$/)
    expect(wire.state).toBe('open')
    expect(flood(wire) ?? 0).toBeLessThan(LITTLE)
    wire.drain()
    expect(wire.state).toBe('ended')
  })

  test('while the connection lingers: they are thrown away', () => {
    const { wire } = held((_environ, start) => {
      start(200, ['connection', 'close'])
      return 'a'
    })
    wire.receive(GET)
    expect(wire.state).toBe('ended')
    expect(wire.reading).toBe(true)
    expect(flood(wire) ?? 0).toBeLessThan(LITTLE)
  })
})

describe('an upgraded connection whose handler does not read', () => {
  const ask = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'
  const go = deferred()
  const app: Application = async (environ) => {
    await turn()
    return environ.server.upgrade?.('x', [], () => go.promise) ?? null
  }

  test('stops reading', async () => {
    const { wire } = held(app)
    wire.receive(ask)
    while (!wire.sent.includes('101')) await turn()
    expect(flood(wire)).toBeNull()
  })

  test('stops reading where much came before the upgrade', async () => {
    const { wire } = held(app)
    wire.receive(ask)
    wire.lend(PIECE)
    wire.lend(PIECE)
    expect(wire.reading).toBe(false)
    while (!wire.sent.includes('101')) await turn()
    expect(flood(wire)).toBeNull()
  })

  test('stops reading, also once its client takes what was sent', async () => {
    const { wire } = held(app)
    wire.flowing = wire.roomy = false
    wire.receive(ask)
    wire.lend(PIECE)
    wire.lend(PIECE)
    while (!wire.sent.includes('101')) await turn()
    wire.drain()
    expect(flood(wire)).toBeNull()
  })

  test('makes a client wait, and ends in order once the handler is done', async () => {
    const { connect, http } = await serving(app)
    const client = connect().send(ask)
    await client.contains('101')
    const size = 50_000_000
    client.send(Buffer.alloc(size))
    for (let before = -1, taken = 0; before !== taken;) {
      before = taken
      await new Promise((resolve) => setTimeout(resolve, 50))
      taken = size - client.waiting
    }
    expect(client.waiting).toBeGreaterThan(0)
    go.resolve()
    await client.toEnd()
    client.end()
    while (http.stats().connections > 0) await turn()
    expect(client.error).toBeNull()
  })
})

test('what a handler writes after it is done is refused, and harms nothing', async () => {
  const refused = deferred<unknown>()
  const { connect } = await serving(
    (environ) =>
      environ.server.upgrade?.('x', [], (_input, out) => {
        setTimeout(() => Promise.resolve(out.write('late')).then(refused.resolve, refused.resolve), 20)
      }) ?? null,
  )
  const client = connect().send('GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
  await client.toEnd()
  expect(await refused.promise).toMatchObject({
    name: 'AbortError',
    message: expect.stringContaining('over'),
  })
  client.end()
  await client.toClose()
  expect(client.error).toBeNull()
  expect(client.received).not.toContain('late')
})

test('a reset behind more than the server reads ahead is noticed while the application waits', async () => {
  const gone = deferred<unknown>()
  const called = deferred()
  const { connect } = await serving(
    (environ) => {
      environ.server.signal.addEventListener('abort', () => gone.resolve(environ.server.signal.reason))
      called.resolve()
      return new Promise<never>(() => {})
    },
    { timeouts: { write: 200 } },
  )
  const client = connect().send(
    `GET / HTTP/1.1\r\nHost: a\r\n\r\n${'GET /next HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(10_000)}`,
  )
  await called.promise
  client.reset()
  expect(await gone.promise).toMatchObject({ name: 'AbortError' })
})
