/** Time and ends: timeouts, clients that leave, draining, listening, upgrades. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Application, Body } from '@tsgi/spec'
import { ServeError } from '@tsgi/spec/server'
import { afterEach, describe, expect, test } from 'vitest'
import { serve } from '../src/index.ts'
import { Client } from './client.ts'
import { deferred, portOf, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const hello: Application = (_environ, start) => {
  start(200, [])
  return 'hello'
}

describe('timeouts', () => {
  test('a head that dribbles gets 408 at an absolute deadline', async () => {
    const { connect } = await serving(hello, { timeouts: { headers: 150 } })
    const client = connect()
    const dribble = setInterval(() => client.send('x'), 20)
    const start = performance.now()
    client.send('GET / HTTP/1.1\r\nX: ')
    const text = await client.toEnd()
    clearInterval(dribble)
    expect(text).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n[^]*connection: close/)
    expect(performance.now() - start).toBeGreaterThan(100)
  })
  test('an idle connection is closed without a word', async () => {
    const { connect } = await serving(hello, { timeouts: { keepAlive: 100 } })
    expect(await connect().toEnd()).toBe('')
    const client = connect().send(GET)
    expect(await client.toEnd()).toMatch(/hello$/)
  })
  test('a body that does not come in time: the read rejects with 408, which is the answer', async () => {
    const { connect } = await serving(
      async (environ, start) => {
        for await (const _ of environ.input);
        start(200, [])
        return null
      },
      { timeouts: { body: 150 } },
    )
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab')
    expect(await client.toEnd()).toMatch(/^HTTP\/1.1 408 /)
  })
  test('an application that does not read does not run that clock', async () => {
    const { connect } = await serving(
      async (environ, start) => {
        await new Promise((resolve) => setTimeout(resolve, 300))
        start(200, [])
        return String((await environ.input.read()).length)
      },
      { timeouts: { body: 100 } },
    )
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab')
    expect((await client.responses(1))[0]?.body).toBe('2')
  })
  test('a client that takes nothing of a response is left', async () => {
    const gone = deferred<unknown>()
    const { connect } = await serving(
      (environ, start) => {
        environ.server.onFinish((error) => gone.resolve(error))
        start(200, [])
        return (function* () {
          for (;;) yield Buffer.alloc(65_536)
        })()
      },
      { timeouts: { write: 150 } },
    )
    const client = connect()
    client.socket.pause()
    client.send(GET)
    expect(String(await gone.promise)).toContain('took nothing')
  })
  test('a slow reader that takes something is not', async () => {
    const { connect } = await serving(
      (_environ, start) => {
        start(200, ['content-length', '8000000'])
        return Array.from({ length: 125 }, () => Buffer.alloc(64_000)).values()
      },
      { timeouts: { write: 400 } },
    )
    const client = connect()
    client.socket.pause()
    client.send(GET)
    client.keep = false
    const slow = setInterval(() => {
      client.socket.resume()
      client.socket.once('data', () => client.socket.pause())
    }, 5)
    await client.until(({ size }) => size > 8_000_000)
    clearInterval(slow)
  })
  test('after a half-close a silent response ends at the half-close timeout', async () => {
    const finished = deferred<unknown>()
    const { connect } = await serving(
      (environ, start) => {
        environ.server.onFinish(finished.resolve)
        start(200, [])
        return new Promise<Body>(() => {})
      },
      { timeouts: { halfClose: 150 } },
    )
    const client = connect().send(GET)
    client.socket.end()
    expect(String(await finished.promise)).toContain('half-closed')
  })
})

describe('a client that leaves', () => {
  const kinds: Readonly<Record<string, (events: string[], go: Promise<void>) => Body>> = {
    'a sync iterable': (events) => ({
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: Buffer.alloc(65_536) }),
        return: () => (events.push('return'), { done: true as const, value: undefined }),
      }),
      close: () => void events.push('close'),
    }),
    'an async iterable': (events) => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false as const, value: Buffer.alloc(65_536) }),
        return: async () => (events.push('return'), { done: true as const, value: undefined }),
      }),
      close: () => void events.push('close'),
    }),
    'a writer': (events) =>
      Object.assign(
        async (out: { write(chunk: Uint8Array): unknown }) => {
          try {
            for (;;) await out.write(Buffer.alloc(65_536))
          } catch (error) {
            events.push((error as Error).name)
            throw error
          }
        },
        { close: () => void events.push('close') },
      ),
  }
  test.each(Object.entries(kinds))('ends %s: signal, the iterator, close, onFinish, each once', async (name, body) => {
    const events: string[] = []
    const finished = deferred()
    const { connect, log } = await serving((environ, start) => {
      environ.server.signal.addEventListener('abort', () => events.push('abort'))
      environ.server.onFinish((error) => {
        events.push(`finish: ${(error as Error).name}`)
        finished.resolve()
      })
      start(200, [])
      return body(events, finished.promise)
    })
    const client = connect()
    client.socket.pause()
    client.send(GET)
    await new Promise<void>((resolve) => client.socket.once('readable', resolve))
    client.socket.resetAndDestroy()
    await finished.promise
    await new Promise((resolve) => setImmediate(resolve))
    const expected =
      name === 'a writer'
        ? ['AbortError', 'abort', 'close', 'finish: AbortError']
        : ['abort', 'close', 'finish: AbortError', 'return']
    expect(events.toSorted()).toEqual(expected)
    expect(log.filter((line) => line.level === 'error')).toEqual([])
  })
  test('in the middle of an upload: the read rejects and the signal aborts', async () => {
    const called = deferred()
    const seen = deferred<unknown[]>()
    const { connect } = await serving(async (environ) => {
      const { signal } = environ.server
      called.resolve()
      try {
        for await (const _ of environ.input);
      } catch (error) {
        seen.resolve([error, signal.aborted])
      }
      return null
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc')
    await called.promise
    client.socket.resetAndDestroy()
    expect(await seen.promise).toMatchObject([{ status: 400 }, true])
  })
  test('a body that comes after is closed, not iterated', async () => {
    const called = deferred()
    const go = deferred()
    const closed = deferred()
    let iterated = false
    const { connect } = await serving(async (environ, start) => {
      called.resolve()
      environ.server.signal.addEventListener('abort', () => go.resolve())
      await go.promise
      start(200, [])
      return {
        [Symbol.iterator]: () => {
          iterated = true
          return ['a'].values()
        },
        close: () => closed.resolve(),
      }
    })
    const client = connect().send(GET)
    await called.promise
    client.socket.resetAndDestroy()
    await closed.promise
    expect(iterated).toBe(false)
  })
  test('the signal never aborts after a complete response', async () => {
    let signal: AbortSignal | undefined
    const { get } = await serving((environ, start) => {
      signal = environ.server.signal
      start(200, [])
      return 'a'
    })
    await get('/')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(signal?.aborted).toBe(false)
  })
})

describe('backpressure', () => {
  test('a writer waits for a slow reader, and an iterable is not pulled', async () => {
    let pulled = 0
    const { connect } = await serving((_environ, start) => {
      start(200, [])
      return (function* () {
        for (let i = 0; i < 1000; i++) {
          pulled++
          yield Buffer.alloc(65_536)
        }
      })()
    })
    const client = connect()
    client.socket.pause()
    client.send(GET)
    // Until what lies between the two is full.
    let before = 0
    const stands = () => {
      const still = pulled > 0 && pulled === before
      before = pulled
      return still
    }
    await expect.poll(stands, { interval: 50, timeout: 15_000 }).toBe(true)
    expect(pulled).toBeLessThan(300)
    client.keep = false
    client.socket.resume()
    await client.until(({ size }) => size > 65_536_000)
  })
})

describe('draining', () => {
  test('finishes what is in flight, says close, and accepts no more', async () => {
    const called = deferred()
    const go = deferred()
    const { server, connect } = await serving(async (_environ, start) => {
      called.resolve()
      await go.promise
      start(200, [])
      return 'finished'
    })
    const client = connect().send(GET)
    await called.promise
    const closing = server.close()
    const late = connect()
    await late.toClose()
    expect(late.error?.code).toBe('ECONNREFUSED')
    go.resolve()
    expect(await client.toEnd()).toMatch(/connection: close\r\n\r\nfinished$/)
    expect(await closing).toEqual({ cutOff: 0 })
  })
  test('lets an idle connection have its last request answered', async () => {
    const { server, connect } = await serving(hello)
    const client = connect().send(GET)
    await client.responses(1)
    const closing = server.close()
    client.send(GET)
    const [, second] = await client.responses(2)
    expect(second?.head).toContain('connection: close')
    client.socket.end()
    await closing
  })
  test('cuts off at the graceful limit, without a final chunk', async () => {
    const { server, connect } = await serving((_environ, start) => {
      start(200, [])
      return (async function* () {
        yield 'a'
        await new Promise(() => {})
      })()
    })
    const client = await connect().send(GET).contains('1\r\na\r\n')
    expect(await server.close({ graceful: 50 })).toEqual({ cutOff: 1 })
    expect(await client.toEnd()).not.toContain('0\r\n\r\n')
  })
  test('a second close with graceful: 0 hurries the first', async () => {
    const called = deferred()
    const { server, connect } = await serving(() => {
      called.resolve()
      return new Promise<Body>(() => {})
    })
    connect().send(GET)
    await called.promise
    const first = server.close({ graceful: 60_000 })
    void server.close({ graceful: 0 })
    expect(await first).toEqual({ cutOff: 1 })
  })
  test('a close with graceful: 0 gives an idle client no time to close its side', async () => {
    const { server } = await serving(hello)
    const client = net.connect({ host: '127.0.0.1', port: portOf(server.addresses[0]), allowHalfOpen: true })
    client.write(GET)
    await once(client, 'data')
    expect(await Promise.race([server.close({ graceful: 0 }), sleep(900, 'waited')])).toEqual({ cutOff: 0 })
    client.destroy()
  })
  test('startup runs before the first request, shutdown after the last response and its close', async () => {
    const events: string[] = []
    const app: Application = (_environ, start) => {
      events.push('request')
      start(200, [])
      return {
        [Symbol.iterator]: () => ['a'].values(),
        close: async () => {
          await new Promise((resolve) => setTimeout(resolve, 30))
          events.push('closed')
        },
      }
    }
    app.startup = async () => void events.push('startup')
    app.shutdown = async () => void events.push('shutdown')
    const { server, get } = await serving(app)
    await get('/')
    await server.close()
    expect(events).toEqual(['startup', 'request', 'closed', 'shutdown'])
  })
})

describe('listening', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const socketPath = (): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tsgi-'))
    folders.push(folder)
    return path.join(folder, 's')
  }

  test('on several addresses, with their urls', async () => {
    const file = socketPath()
    const { server } = await serving(hello, {
      listen: [{ host: '127.0.0.1', port: 0 }, { host: '::1', port: 0 }, { path: file }],
    })
    expect(server.urls).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      expect.stringMatching(/^http:\/\/\[::1\]:\d+\/$/),
      `http+unix://${encodeURIComponent(file)}/`,
    ])
    for (const target of [{ port: portOf(server.addresses[1]), host: '::1' }, { path: file }]) {
      const client = new Client(target).send(GET)
      expect((await client.responses(1))[0]?.body).toBe('hello')
      client.socket.destroy()
    }
  })
  test('a unix socket has no addresses and no port', async () => {
    const file = socketPath()
    const app: Application = (environ, start) => {
      start(200, [])
      return JSON.stringify([environ.remoteAddr, environ.remotePort, environ.serverName, environ.serverPort])
    }
    await serving(app, { listen: [{ path: file }] })
    const client = new Client({ path: file }).send('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n')
    expect((await client.responses(1))[0]?.body).toBe('[null,null,"example.org",null]')
    client.socket.destroy()
  })
  test('removes its socket file at the end, and replaces a stale one', async () => {
    const file = socketPath()
    const { server } = await serving(hello, { listen: [{ path: file }] })
    await server.close()
    expect(existsSync(file)).toBe(false)
  })
  test('a live socket is not stolen, a file that is none not removed', async () => {
    const file = socketPath()
    await serving(hello, { listen: [{ path: file }] })
    await expect(serving(hello, { listen: [{ path: file }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
      message: expect.stringContaining('another program'),
    })
    const plain = socketPath()
    writeFileSync(plain, 'keep me')
    await expect(serving(hello, { listen: [{ path: plain }] })).rejects.toThrow(ServeError)
    expect(existsSync(plain)).toBe(true)
  })
  test('a port in use is an error that names it; what was bound before is let go; shutdown runs', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as net.AddressInfo
    const events: string[] = []
    const app: Application = (...args) => hello(...args)
    app.shutdown = () => void events.push('shutdown')
    await expect(
      serving(app, {
        listen: [
          { host: '127.0.0.1', port: 0 },
          { host: '127.0.0.1', port },
        ],
      }),
    ).rejects.toMatchObject({
      code: 'TSGI_ERR_BIND',
      message: expect.stringContaining(`127.0.0.1:${port}: the address is in use`),
    })
    expect(events).toEqual(['shutdown'])
    taken.close()
  })
  test('an application whose startup fails never listens', async () => {
    const app: Application = (...args) => hello(...args)
    app.startup = () => Promise.reject(new Error('no database'))
    await expect(serve(app, { listen: [{ host: '127.0.0.1', port: 0 }] })).rejects.toMatchObject({
      code: 'TSGI_ERR_STARTUP',
      message: expect.stringContaining('no database'),
    })
  })
  test('a module reference is loaded, with its config', async () => {
    const module = `data:text/javascript,export default (config) => (environ, start) => { start(200, []); return config.text }`
    const { server } = await serving({ module, config: { text: 'configured' } } as never)
    const client = new Client({ host: '127.0.0.1', port: portOf(server.addresses[0]) }).send(GET)
    expect((await client.responses(1))[0]?.body).toBe('configured')
    client.socket.destroy()
    await expect(serve({ module: 'data:text/javascript,export default 5' })).rejects.toMatchObject({
      code: 'TSGI_ERR_APP_LOAD',
    })
    await expect(serve({ module: 'data:text/javascript,throw 5' })).rejects.toMatchObject({ code: 'TSGI_ERR_APP_LOAD' })
  })
})

describe('many connections', () => {
  test('over the cap wait until one closes', async () => {
    const { connect, log } = await serving(hello, { limits: { maxConnections: 2 } })
    const first = connect().send(GET)
    const second = connect().send(GET)
    await Promise.all([first.responses(1), second.responses(1)])
    const third = connect().send(GET)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(third.received).toBe('')
    first.socket.end()
    expect((await third.responses(1))[0]?.body).toBe('hello')
    expect(log.filter((line) => line.level === 'warn')).toHaveLength(1)
  })
  test('or are answered 503 by setting', async () => {
    const { connect } = await serving(hello, { limits: { maxConnections: 1 }, overload: '503' })
    await connect().send(GET).responses(1)
    expect(await connect().send(GET).toEnd()).toMatch(/^HTTP\/1.1 503 /)
  })
  test('are counted', async () => {
    const { connect, server } = await serving(hello)
    const client = connect()
    await client.send(GET + GET).responses(2)
    expect(server.stats()).toEqual({ connections: 1, active: 0, requests: 2, accepted: 1 })
    client.socket.end()
    await client.toClose()
    expect(server.stats().connections).toBe(0)
  })
  test('the access log hears of each request', async () => {
    const records: unknown[] = []
    const { exchange } = await serving(hello, { access: (record) => records.push(record) })
    await exchange('GET /a?b HTTP/1.1\r\nHost: a\r\n\r\nBAD\r\n\r\n')
    expect(records).toMatchObject([
      {
        method: 'GET',
        target: '/a?b',
        protocol: 'HTTP/1.1',
        status: 200,
        bytes: 5,
        complete: true,
        remoteAddr: '127.0.0.1',
      },
      { status: 400, complete: true },
    ])
  })
})

describe('upgrade', () => {
  test('an upgraded connection is notified that the server begins to stop', async () => {
    const { server, connect } = await serving((environ) => {
      const { draining } = environ.server
      return (
        environ.server.upgrade?.('shout', [], async (_input, out) => {
          await out.write('open')
          await new Promise((resolve) => draining?.addEventListener('abort', resolve))
          await out.write('bye')
        }) ?? null
      )
    })
    const client = connect().send('GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: shout\r\n\r\n')
    await client.contains('open')
    const closing = server.close()
    expect(await client.toEnd()).toMatch(/openbye$/)
    client.socket.end()
    expect(await closing).toEqual({ cutOff: 0 })
  })
  const shout: Application = (environ, start) => {
    if (environ.server.upgrade === undefined) {
      start(426, ['upgrade', 'shout'])
      return null
    }
    return environ.server.upgrade('shout', ['x-a', 'b'], async (input, out) => {
      for await (const bytes of input) await out.write(Buffer.from(bytes).toString().toUpperCase())
      await out.write('bye')
    })
  }
  const ask = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\n'
  test('hands the connection over, with what was already received', async () => {
    const { connect } = await serving(shout)
    const client = connect().send(`${ask}early `)
    await client.contains('EARLY ')
    expect(client.received).toMatch(
      /^HTTP\/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: shout\r\nx-a: b\r\n\r\nEARLY $/,
    )
    client.send('late')
    await client.contains('LATE')
    client.socket.end()
    expect(await client.toEnd()).toMatch(/LATEbye$/)
  })
  test('is absent unless the client asked, and in HTTP/1.0', async () => {
    const { exchange } = await serving(shout)
    expect(await exchange('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 426 Upgrade Required\r\n[^]*upgrade: shout/,
    )
    expect(await exchange('GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\n')).toMatch(/^HTTP\/1.1 426 /)
  })
  test('to a protocol that was not asked for is an error', async () => {
    const { connect } = await serving((environ) => environ.server.upgrade?.('other', [], () => {}) ?? null)
    expect((await connect().send(ask).responses(1))[0]?.status).toBe(500)
  })
  test('a client that leaves ends the reader, and a failure is logged', async () => {
    const ended = deferred<unknown>()
    const { connect, log } = await serving(
      (environ) =>
        environ.server.upgrade?.('shout', [], async (input) => {
          try {
            for await (const _ of input);
          } catch (error) {
            ended.resolve(error)
          }
          throw new Error('broken')
        }) ?? null,
    )
    const client = await connect().send(ask).contains('101')
    client.socket.resetAndDestroy()
    expect(await ended.promise).toBeInstanceOf(Error)
    await new Promise((resolve) => setImmediate(resolve))
    expect(log.map((line) => String(line.error))).toContain('Error: broken')
  })
})
