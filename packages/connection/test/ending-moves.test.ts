/** How a connection ends (`src/states.ts`): after its last answer, after an upgrade, and in a reset where an end would be false. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Application } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { held, type HeldTransport } from './held-transport.ts'
import { GET, subject, UPGRADE } from './subject.ts'

describe('from the last answer', () => {
  test('the connection closes once the kernel has it, and not before', async () => {
    const { wire, answer } = subject()
    wire.flowing = false
    wire.receive(GET)
    await answer(['connection', 'close'])
    expect(wire.states).toBe('discarding closing')
    expect(wire.state).toBe('open')
    wire.drain()
    expect(wire.states).toBe('discarding lingering')
    expect(wire.state).toBe('ended')
  })

  test('it does not close before what was written since then', async () => {
    const go = Promise.withResolvers<void>()
    const { wire } = held(async (environ, start) => {
      environ.server.onFinish(() => {})
      if (environ.pathInfo === '/last') await go.promise
      start(200, environ.pathInfo === '/last' ? ['connection', 'close'] : [])
      return environ.pathInfo
    })
    wire.flowing = false
    wire.receive(GET + GET.replace('/', '/last'))
    await turn()
    expect(wire.states).toBe('ahead answering')
    go.resolve()
    for (let i = 0; i < 100 && wire.states === 'ahead answering'; i++) await Promise.resolve()
    expect(wire.states).toBe('discarding closing')
    wire.drain()
    expect(wire.state).toBe('open')
    await turn()
    expect(wire.sent).toMatch(/\/last$/)
    expect(wire.state).toBe('ended')
  })

  test('a response is not reported while a later one waits in the same queue', async () => {
    const finished: string[] = []
    const { wire } = held((environ, start) => {
      environ.server.onFinish(() => finished.push(environ.pathInfo))
      start(200, [])
      return environ.pathInfo
    })
    wire.flowing = false
    wire.receive(GET.replace('/', '/1'))
    wire.receive(GET.replace('/', '/2'))
    wire.drainOlder()
    expect(finished).toEqual([])
    wire.drain()
    expect(finished).toEqual(['/1', '/2'])
  })

  test('what is received meanwhile is thrown away, however much waits to be sent', async () => {
    const { wire, answer } = subject()
    wire.flowing = wire.roomy = false
    wire.receive(GET + 'x'.repeat(70_000))
    expect(wire.reading).toBe(false)
    await answer(['connection', 'close'])
    expect(wire.states).toBe('discarding closing')
    expect(wire.reading).toBe(true)
  })

  test('it lingers for a while, so that the client can read, and closes at the end of its client', async () => {
    const lingering = subject()
    lingering.wire.receive(GET)
    await lingering.answer(['connection', 'close'])
    lingering.pass(4_000)
    expect(lingering.wire.state).toBe('ended')
    lingering.wire.receive(GET)
    lingering.pass(6_000)
    expect(lingering.wire.state).toBe('destroyed')
    await turn()
    expect(lingering.wire.states).toBe('discarding closed')

    const ending = subject()
    ending.wire.receive(GET)
    await ending.answer(['connection', 'close'])
    ending.wire.receiveEnd()
    expect(ending.wire.state).toBe('destroyed')
  })
})

describe('from an upgrade', () => {
  const upgraded = async (): Promise<{ wire: HeldTransport; received: string[]; end: () => Promise<void> }> => {
    const received: string[] = []
    const over = Promise.withResolvers<void>()
    const { wire } = held((environ) =>
      environ.server.upgrade!('x', [], async (input, out) => {
        await out.write('welcome')
        void (async () => {
          for await (const bytes of input) received.push(Buffer.from(bytes).toString())
        })().catch(() => {})
        await over.promise
      }),
    )
    wire.receive(UPGRADE)
    await turn()
    const end = async (): Promise<void> => {
      over.resolve()
      await turn()
    }
    return { wire, received, end }
  }

  test('what comes is no request, and the connection closes when the handler is done', async () => {
    const { wire, received, end } = await upgraded()
    expect(wire.states).toBe('foreign upgraded')
    expect(wire.sent).toMatch(/^HTTP\/1.1 101 [^]*welcome$/)
    wire.receive(GET)
    await turn()
    expect(received).toEqual([GET])
    await end()
    expect(wire.states).toBe('discarding lingering')
    wire.receive(GET)
    expect(received).toEqual([GET])
  })

  test('a client that goes ends it', async () => {
    const { wire, end } = await upgraded()
    wire.close()
    expect(wire.states).toBe('discarding closed')
    await end()
    expect(wire.states).toBe('discarding closed')
  })

  test('a body that may be on its way leaves no choice of protocol', async () => {
    const offered: unknown[] = []
    const { wire } = held(({ server }, start) => {
      offered.push(server.upgrade)
      start(200, [])
      return ''
    })
    wire.receive(UPGRADE.replace('\r\n\r\n', '\r\nContent-Length: 1\r\n\r\n'))
    await turn()
    expect(offered).toEqual([undefined])
  })
})

describe('an answer that only the end of the connection delimits', () => {
  const GET_10 = 'GET / HTTP/1.0\r\n\r\n'
  const stream: Application = (_environ, start) => {
    start(200, [])
    return (async function* () {
      yield 'a'
      await turn()
      yield 'b'
    })()
  }

  test('ends in order once it is out', async () => {
    const { wire } = held(stream)
    wire.receive(GET_10)
    await expect.poll(() => wire.state).toBe('ended')
    expect(wire.sent).toMatch(/ab$/)
  })

  test('ends in a reset where the kernel has not all of it', async () => {
    const { wire } = held(stream)
    wire.flowing = false
    wire.receive(GET_10)
    await expect.poll(() => wire.states).toBe('discarding closing')
    wire.connection.cutOff()
    expect(wire.state).toBe('reset')
  })

  test('ends in a reset where its last bytes were about to be written', async () => {
    const ended = Promise.withResolvers<void>()
    const { wire } = held((_environ, start) => {
      start(200, [])
      return async (out) => {
        await out.write('a')
        await ended.promise
        void out.write('b')
      }
    })
    wire.receive(GET_10)
    await turn()
    ended.resolve()
    // The response ends in one of these, and what that schedules comes after all of them.
    for (let i = 0; i < 100 && wire.states === 'ahead answering'; i++) await Promise.resolve()
    expect(wire.states).toBe('discarding closing')
    wire.connection.cutOff()
    expect(wire.sent).toMatch(/a$/)
    expect(wire.state).toBe('reset')
  })
})
