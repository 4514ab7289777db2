import { setImmediate as turn } from 'node:timers/promises'
import { HttpServer } from '@tsgi/connection'
import { describe, expect, it } from 'vitest'
import { deferred, serving } from '../serving.ts'
import { connect, get, rawConnect } from './client.ts'
import { get as getFrame, GOAWAY } from './raw-client.ts'

describe('a server that drains', () => {
  it('answers what an HTTP/2 client has opened, and announces the last number', async () => {
    const begun = deferred()
    const go = deferred()
    const server = await serving(
      async (_, start) => {
        begun.resolve()
        await go.promise
        start(200, [])
        return 'whole'
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(getFrame(1), getFrame(3))
    await begun.promise
    await turn()
    const drained = server.http.drain()
    await client.until(() => client.of(GOAWAY).length > 0)
    expect(client.of(GOAWAY)[0]?.payload.readUInt32BE(0)).toBe(3)
    expect(client.goaway).toBe(0)
    go.resolve()
    await client.toClose()
    expect([client.body(1), client.body(3)]).toEqual(['whole', 'whole'])
    expect(await drained).toEqual({ cutOff: 0 })
  })

  it('closes an idle HTTP/2 connection', async () => {
    const server = await serving((_, start) => (start(200, []), ''), {}, 'sockets')
    const client = rawConnect(server.port).send(getFrame(1))
    await client.until(() => client.ended(1))
    await Promise.all([server.http.drain(), client.toClose()])
    expect(client.goaway).toBe(0)
  })

  it('aborts the draining signal of each request', async () => {
    const begun = deferred()
    const server = await serving(
      (environ, start) => {
        const notified = deferred<string>()
        environ.server.draining?.addEventListener('abort', () => notified.resolve('bye'))
        begun.resolve()
        start(200, [])
        return (async function* () {
          yield 'a'
          yield await notified.promise
        })()
      },
      {},
      'sockets',
    )
    const answer = get(connect(server.port), '/')
    await begun.promise
    await server.http.drain()
    expect((await answer).body).toBe('abye')
  })

  it('counts the streams that it cuts off', async () => {
    const begun = deferred()
    let count = 0
    const server = await serving(
      async () => {
        if (++count === 2) begun.resolve()
        await new Promise(() => {})
        return null
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(getFrame(1), getFrame(3))
    await begun.promise
    expect(await server.http.drain({ graceful: 0 })).toEqual({ cutOff: 2 })
    await client.toClose()
  })
})

describe('an idle HTTP/2 connection', () => {
  it('closes after the keep-alive timeout, and not before its requests are answered', async () => {
    const server = await serving((_, start) => (start(200, []), 'x'), { timeouts: { keepAlive: 80 } }, 'sockets')
    const client = rawConnect(server.port).send(getFrame(1))
    await client.toClose()
    expect([client.body(1), client.goaway]).toEqual(['x', 0])
    await expect.poll(() => server.http.stats().connections).toBe(0)
  })
})

describe('a client of HTTP/2 that half-closes', () => {
  it('still gets its responses', async () => {
    const go = deferred()
    const seen = deferred()
    const server = await serving(
      async (environ, start) => {
        environ.server.signal.addEventListener('abort', () => seen.resolve())
        await go.promise
        start(200, [])
        return 'whole'
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(getFrame(1))
    client.socket.end()
    await seen.promise
    go.resolve()
    await client.toClose()
    expect(client.body(1)).toBe('whole')
  })
})

describe('where calls do not overlap', () => {
  it('the requests of an HTTP/2 connection are answered one after another', async () => {
    let inside = 0
    let most = 0
    const facts = { name: 'test', multithread: false, multiprocess: true, runOnce: true }
    const server = await serving(
      async (_, start) => {
        most = Math.max(most, ++inside)
        await turn()
        inside--
        start(200, [])
        return 'x'
      },
      {},
      'sockets',
      facts,
    )
    expect(server.http).toBeInstanceOf(HttpServer)
    const session = connect(server.port)
    const answers = await Promise.all([1, 2, 3, 4].map(() => get(session, '/')))
    expect(answers.map(({ body }) => body)).toEqual(['x', 'x', 'x', 'x'])
    expect(most).toBe(1)
  })
})
