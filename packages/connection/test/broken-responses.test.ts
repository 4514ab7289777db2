/** Responses that an application breaks in the rarer ways: nothing of them may look whole, reach another request or leave anybody waiting. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { ACCEPT_OPTIONS, HttpServer } from '@tsgi/connection'
import type { Application, Body } from '@tsgi/spec'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Client, socketLine } from './client.ts'
import { held } from './held-transport.ts'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const FACTS = { name: 'test', multithread: true, multiprocess: false, runOnce: false }

/** Everybody who should have been told of a failure was, without a rejection that nobody heard. */
function watchRejections(): unknown[] {
  const heard: unknown[] = []
  const listener = (error: unknown): void => void heard.push(error)
  process.on('unhandledRejection', listener)
  onTestFinished(() => void process.off('unhandledRejection', listener))
  return heard
}

describe('a length that was promised by an early flush', () => {
  const bodies: Readonly<Record<string, Body>> = {
    '/text': 'hello world',
    '/bytes': Buffer.from('hello world'),
    '/array': ['hello', ' world'],
    '/short': 'hi',
  }
  const app =
    (asynchronous: boolean): Application =>
    (environ, start) => {
      start(200, ['content-length', '5'])
      environ.server.flush()
      const body = bodies[environ.pathInfo] ?? null
      return asynchronous ? turn().then(() => body) : body
    }
  test.each([
    ['/text', false],
    ['/bytes', false],
    ['/array', false],
    ['/short', false],
    ['/text', true],
    ['/array', true],
    ['/short', true],
  ])('is kept to by %s, promised %s: nothing surplus is sent, and the connection breaks', async (target, later) => {
    const heard = watchRejections()
    const { connect, log } = await serving(app(later))
    const client = connect().send(GET.replace('/', target)).send(GET)
    await client.toEnd()
    expect(client.received.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200'])
    expect(client.received).not.toContain('world')
    expect(log.map(({ error }) => String(error))).toEqual([expect.stringContaining('content-length')])
    await turn()
    expect(heard).toEqual([])
  })
})

describe('an application whose promise gives a body that cannot be sent', () => {
  test.each<[string, () => unknown]>([
    ['an iterable that throws when it is looked at', () => new Proxy({}, { has: () => fail() })],
    ['an iterable without an iterator', () => ({ [Symbol.iterator]: () => null })],
    ['an async iterable without an iterator', () => ({ [Symbol.asyncIterator]: () => null })],
    ['an async iterator whose result is none', () => ({ [Symbol.asyncIterator]: () => ({ next: async () => null }) })],
    [
      'an async iterator without promises',
      () => ({ [Symbol.asyncIterator]: () => ({ next: () => ({ done: true }) }) }),
    ],
    ['a sync iterator whose result is none', () => ({ [Symbol.iterator]: () => ({ next: () => null }) })],
  ])('%s: 500, and nobody waits', async (_name, body) => {
    const heard = watchRejections()
    const { connect, log } = await serving(async (environ, start) => {
      await turn()
      start(200, [])
      return environ.pathInfo === '/' ? (body() as Body) : 'fine'
    })
    const client = connect().send(GET)
    expect((await client.responses(1))[0]?.status).toBe(500)
    client.send('GET /fine HTTP/1.1\r\nHost: a\r\n\r\n')
    expect((await client.responses(2))[1]?.body).toBe('fine')
    expect(log).toHaveLength(1)
    await turn()
    expect(heard).toEqual([])
  })
  function fail(): never {
    throw new Error('looked at')
  }
})

test('an error that a writer is told of is logged once', async () => {
  for (const [field, chunk] of [
    ['3', 'too long'],
    ['9', 5],
  ] as const) {
    const { connect, log } = await serving((_environ, start) => {
      start(200, ['content-length', field])
      return async (out) => {
        await out.write(chunk as string)
      }
    })
    await connect().send(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`).toEnd()
    await turn()
    expect(log).toHaveLength(1)
  }
})

test('a reader of the request ends when the response breaks off', async () => {
  const ended = deferred<unknown>()
  const { connect } = await serving((environ, start) => {
    Promise.resolve(environ.input.read()).then(ended.resolve, ended.resolve)
    start(200, [])
    return (async function* () {
      yield 'a'
      environ.server.flush()
      await turn()
      throw new Error('broken')
    })()
  })
  connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n')
  expect(await ended.promise).toMatchObject({ status: 400 })
})

describe('an HTTP/1.0 response, which the end of the connection delimits', () => {
  const GET_10 = 'GET / HTTP/1.0\r\n\r\n'

  test('that is cut off with bytes still queued ends in a reset', async () => {
    const given = deferred()
    const { http, connect } = await serving((_environ, start) => {
      start(200, [])
      setImmediate(() => given.resolve())
      return (out) => void out.write(Buffer.alloc(20_000_000))
    })
    const client = connect()
    client.keep = false
    client.pause()
    client.send(GET_10)
    await given.promise
    await http.drain({ graceful: 0 })
    client.resume()
    await client.toClose()
    expect(client.size).toBeLessThan(20_000_000)
    expect(client.error?.code).toBe('ECONNRESET')
  })

  test('that breaks off on a unix socket, which knows no reset, still ends, and the server lives', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tsgi-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const heard = watchRejections()
    const log: unknown[] = []
    const http = new HttpServer(
      (_environ, start) => {
        start(200, [])
        return (async function* () {
          yield 'a'
          await turn()
          throw new Error('broken')
        })()
      },
      { log: (_level, _message, fields) => log.push(fields?.['error']) },
      FACTS,
    )
    const listener = net.createServer(ACCEPT_OPTIONS)
    const address = { path: path.join(folder, 's') }
    listener.listen(address)
    await once(listener, 'listening')
    http.attach(listener)
    const client = new Client(socketLine(address))
    onTestFinished(() => {
      client.reset()
      listener.close()
    })
    await client.send(GET_10).toEnd()
    while (http.stats().connections > 0) await turn()
    expect(http.stats()).toMatchObject({ active: 0 })
    expect(log.map(String)).toEqual(['Error: broken'])
    expect(heard).toEqual([])
  })
})

test('a response to a slow reader is reported when it is out, not when the one before it is', async () => {
  const events: string[] = []
  const { wire } = held((environ, start) => {
    environ.server.onFinish(() => events.push(environ.pathInfo))
    start(200, [])
    // So large that it leaves alone.
    return environ.pathInfo.padStart(100_000)
  })
  wire.flowing = wire.roomy = false
  wire.receive('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await turn()
  expect(events).toEqual([])
  wire.drain(false)
  await turn()
  expect(wire.sent).toMatch(/\/2$/)
  expect(events).toEqual(['/1'])
  wire.drain()
  expect(events).toEqual(['/1', '/2'])
})

test.each([null, undefined])('throwing %s is a failure like any other', async (thrown) => {
  const heard = deferred<readonly unknown[]>()
  const { get } = await serving((environ) => {
    environ.server.onFinish((...args) => heard.resolve(args))
    throw thrown
  })
  expect(await get('/')).toMatch(/^HTTP\/1.1 500 /)
  expect(await heard.promise).toEqual([expect.any(Error)])
})

test('a record of a response that never got out says so', async () => {
  const records: { readonly complete: boolean }[] = []
  const called = deferred()
  const { http, connect } = await serving(
    (_environ, start) => {
      start(200, [])
      setImmediate(() => called.resolve())
      return Buffer.alloc(20_000_000)
    },
    { access: (record) => records.push(record) },
  )
  const client = connect()
  client.pause()
  client.send(GET)
  await called.promise
  await http.drain({ graceful: 0 })
  expect(records).toMatchObject([{ complete: false }])
})

test('a listener that fails to accept is a line in the log, not the end of the process', () => {
  const messages: string[] = []
  const http = new HttpServer(() => null, { log: (_level, message) => messages.push(message) }, FACTS)
  const listener = net.createServer()
  http.attach(listener)
  listener.emit('error', new Error('ENFILE'))
  expect(messages).toEqual(['a connection could not be accepted'])
})
