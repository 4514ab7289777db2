/** How a response goes out as its client takes it, and what becomes of a client that takes nothing. */
import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { deferred, serving } from '../serving.ts'
import { answerOf, connect, rawConnect } from './client.ts'
import { code, frame, get as getFrame, setting, WINDOW_UPDATE } from './raw-client.ts'

const INITIAL_WINDOW_SIZE = 4
/** Of a client that says nothing of it (RFC 9113 §6.9.2). */
const WINDOW = 65_535

/** Servers from here on see time pass only as a test says. */
function pretendTime(): { readonly passed: number; pass(time: number): void } {
  let passed = 0
  const begun = process.uptime()
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const uptime = vi.spyOn(process, 'uptime').mockImplementation(() => begun + passed / 1000)
  onTestFinished(() => {
    uptime.mockRestore()
    vi.useRealTimers()
  })
  return {
    get passed() {
      return passed
    },
    pass(time) {
      passed += time
      vi.advanceTimersByTime(time)
    },
  }
}

describe('the flow of an HTTP/2 response', () => {
  it('waits for the window of its stream, and other streams pass', async () => {
    let produced = 0
    const server = await serving(
      (environ, start) => {
        start(200, [])
        if (environ.pathInfo === '/small') return 'small'
        return (function* () {
          for (; produced < 1000; produced++) yield 'x'.repeat(10_000)
        })()
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port, setting(INITIAL_WINDOW_SIZE, 100)).send(getFrame(1))
    await client.until(() => client.body(1).length === 100)
    client.send(getFrame(3, '/small'))
    await client.until(() => client.ended(3))
    expect(produced).toBeLessThan(30)
    client.send(frame(WINDOW_UPDATE, 0, 1, code(50)))
    await client.until(() => client.body(1).length === 150)
  })

  it('sends a large buffer as the client takes it', async () => {
    const server = await serving((_, start) => (start(200, []), Buffer.alloc(3_000_000, 'x')), {}, 'sockets')
    const stream = connect(server.port).request({})
    const answer = answerOf(stream)
    stream.pause()
    await once(stream, 'response')
    stream.resume()
    expect((await answer).body).toHaveLength(3_000_000)
  })

  it('gives a client up that takes nothing', async () => {
    const why = deferred<unknown>()
    const server = await serving(
      (environ, start) => {
        environ.server.onFinish((error) => why.resolve(error))
        start(200, [])
        return 'x'.repeat(1000)
      },
      { timeouts: { write: 60 } },
      'sockets',
    )
    const client = rawConnect(server.port, setting(INITIAL_WINDOW_SIZE, 10)).send(getFrame(1))
    expect(await why.promise).toMatchObject({ message: 'the client took nothing of the response for 60 ms' })
    await client.until(() => client.reset(1) !== null)
    expect(client.reset(1)).toBe(8)
  })

  it('gives up one that leaves no window for its end, and the connection stays', async () => {
    const server = await serving(
      (environ, start) => {
        start(200, [])
        return environ.pathInfo === '/whole' ? null : ['early'].values()
      },
      { timeouts: { write: 60 } },
      'sockets',
    )
    const client = rawConnect(server.port, setting(INITIAL_WINDOW_SIZE, 5)).send(getFrame(1))
    await client.until(() => client.ended(1))
    expect([client.body(1), client.reset(1)]).toEqual(['early', 8])
    await expect.poll(() => server.http.stats().active).toBe(0)
    client.send(getFrame(3, '/whole'))
    await client.until(() => client.ended(3))
    expect(client.reset(3)).toBe(null)
  })

  it('does not give up one that takes a little', async () => {
    const time = pretendTime()
    const server = await serving(
      (_, start) => (start(200, []), Buffer.alloc(200_000)),
      { timeouts: { write: 1500 } },
      'sockets',
    )
    const client = rawConnect(server.port).send(getFrame(1))
    await client.until(() => client.body(1).length === WINDOW)
    for (let taken = WINDOW; taken < 200_000; taken += 20_000) {
      time.pass(200)
      client.send(frame(WINDOW_UPDATE, 0, 1, code(20_000)), frame(WINDOW_UPDATE, 0, 0, code(20_000)))
      await client.until(() => client.body(1).length === Math.min(taken + 20_000, 200_000))
    }
    await client.until(() => client.ended(1))
    expect(client.body(1)).toHaveLength(200_000)
    expect(time.passed).toBeGreaterThan(1300)
  })

  it('ends the connection of a client that no longer reads it', async () => {
    const server = await serving(
      (_, start) => {
        start(200, [])
        return (function* () {
          for (;;) yield 'x'.repeat(60_000)
        })()
      },
      { timeouts: { write: 60 } },
      'sockets',
    )
    const widest = 0x7fff_ffff
    const client = rawConnect(server.port, setting(INITIAL_WINDOW_SIZE, widest))
    client.send(frame(WINDOW_UPDATE, 0, 0, code(widest - 65_535)), getFrame(1), getFrame(3))
    await client.until(() => client.body(3).length > 0)
    client.socket.pause()
    await expect.poll(() => server.http.stats(), { timeout: 4_000 }).toMatchObject({ connections: 0, active: 0 })
  })
})
