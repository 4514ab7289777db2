/** What comes in: order, bodies, expectations, and requests that break a rule (SPEC "Input"; RFC 9112). */
import type { Application } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

const ignore: Application = (_environ, start) => {
  start(200, [])
  return 'ignored'
}

describe('one connection, many requests', () => {
  test('answers a pipeline in order, however the timing falls', async () => {
    const { connect } = await serving(async (environ, start) => {
      const n = Number(environ.pathInfo.slice(1))
      for (let i = n; i < 20; i++) await Promise.resolve()
      if (n % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
      start(200, [])
      return n % 2 === 0 ? String(n) : new Set([String(n)])
    })
    const client = connect()
    for (let i = 0; i < 20; i++) client.send(`GET /${i} HTTP/1.1\r\nHost: a\r\n\r\n`)
    const responses = await client.responses(20)
    expect(responses.map((response) => response.body)).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
  })
  test('never calls the application for the next request before the response is written', async () => {
    let running = 0
    let most = 0
    const { connect } = await serving(async (_environ, start) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      start(200, [])
      return 'a'
    })
    await connect().send(GET.repeat(10)).responses(10)
    expect(most).toBe(1)
  })
  test('a bad request after good ones is answered after them, and nothing after it', async () => {
    const { exchange } = await serving(ignore)
    const text = await exchange(`${GET}${GET}GET / HTTP/1.1\r\nBad Field: x\r\n\r\n${GET}`)
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400'])
    expect(text).toMatch(/connection: close/)
  })
  test('after close nothing is answered', async () => {
    const { exchange } = await serving(ignore)
    const text = await exchange(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n${GET}`)
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200'])
  })
  test('HTTP/1.0 keeps the connection only if asked', async () => {
    const { connect, exchange } = await serving(ignore)
    expect(await exchange('GET / HTTP/1.0\r\n\r\n')).toContain('connection: close')
    const client = connect().send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect((await client.responses(1))[0]?.head).toContain('connection: keep-alive')
    client.send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    await client.responses(2)
  })
  test('a client that half-closes after its request gets the whole response', async () => {
    const go = deferred()
    const { connect } = await serving(async (_environ, start) => {
      await go.promise
      start(200, [])
      return 'x'.repeat(1_000_000)
    })
    const client = connect().send(GET)
    client.end()
    setImmediate(() => go.resolve())
    expect(await client.toEnd()).toMatch(/x{1000}$/)
    expect((await client.responses(1))[0]?.body).toHaveLength(1_000_000)
  })
  test('OPTIONS * is answered by the server', async () => {
    const { exchange } = await serving(() => {
      throw new Error('not reached')
    })
    const text = await exchange('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1.1 204 No Content\r\n[^]*allow: GET, HEAD/)
  })
})

describe('requests that break a rule', () => {
  test.each([
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a bare LF', 'GET / HTTP/1.1\nHost: a\n\n', 400],
    [
      'two framings',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['an unknown coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n', 501],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 501],
    ['HTTP/2 in the form of HTTP/1', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
    ['another expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n', 417],
    ['a long target', `GET /${'a'.repeat(10_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['large fields', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['many fields', `GET / HTTP/1.1\r\nHost: a\r\n${'A: b\r\n'.repeat(200)}\r\n`, 431],
    ['a large body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n', 413],
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n\r\n', 400],
  ])('%s: %s gets its status, close, and nothing after it', async (_name, text, status) => {
    let called = 0
    const { exchange } = await serving((_environ, start) => {
      called++
      start(200, [])
      return null
    })
    const answer = await exchange(text + GET)
    expect(answer.match(/HTTP\/1.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`])
    expect(answer).toContain('connection: close\r\n')
    expect(called).toBe(0)
  })
  test('the answer is not lost when the client goes on sending', async () => {
    const { connect } = await serving(ignore)
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n')
    for (let i = 0; i < 40; i++) client.send(Buffer.alloc(65_536))
    await client.contains('413 Content Too Large')
    expect(await client.toEnd()).toContain('connection: close')
    expect(client.error).toBeNull()
  })
})
