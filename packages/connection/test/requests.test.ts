/** What comes in: order, bodies, expectations, and requests that break a rule (SPEC "Input"; RFC 9112). */
import type { Application, Environ } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

const echo: Application = async (environ, start) => {
  const pieces: Uint8Array[] = []
  for await (const bytes of environ.input) pieces.push(bytes)
  start(200, ['x-trailers', JSON.stringify(environ.input.trailers)])
  return Buffer.concat(pieces)
}
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
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
    ['another expectation', 'GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n', 417],
    ['a long target', `GET /${'a'.repeat(10_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['large fields', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['many fields', `GET / HTTP/1.1\r\nHost: a\r\n${'A: b\r\n'.repeat(200)}\r\n`, 431],
    ['a large body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n', 413],
    ['a TLS client', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
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

describe('bodies', () => {
  const post = (fields: string, body: string): string =>
    `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n${body}`

  test('counted, chunked and none', async () => {
    const { exchange } = await serving(echo)
    expect(await exchange(post('Content-Length: 5\r\n', 'hello'))).toMatch(/hello$/)
    expect(await exchange(post('Transfer-Encoding: chunked\r\n', '3\r\nhel\r\n2\r\nlo\r\n0\r\nT: u\r\n\r\n'))).toMatch(
      /x-trailers: \["t","u"\][^]*hello$/,
    )
    expect(await exchange(post('', ''))).toMatch(/x-trailers: null[^]*\r\n\r\n$/)
  })

  test('arrive byte by byte as well', async () => {
    const { connect } = await serving(echo)
    const client = connect()
    for (const byte of Buffer.from(post('Transfer-Encoding: chunked\r\n', '3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'))) {
      client.send(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await client.toEnd()).toMatch(/hello$/)
  })

  test('read(size) gives up to size; read() what is there; empty is the end and stays so', async () => {
    const sizes: number[] = []
    const { exchange } = await serving(async (environ, start) => {
      for (const size of [1, 3, undefined, 10, undefined]) sizes.push((await environ.input.read(size)).length)
      start(200, [])
      return null
    })
    await exchange(post('Content-Length: 10\r\n', '0123456789'))
    expect(sizes).toEqual([1, 3, 6, 0, 0])
  })

  test('read with a bad size throws; a second reader throws', async () => {
    const thrown: string[] = []
    const waiting = deferred()
    const { connect } = await serving(async (environ, start) => {
      for (const size of [0, -1, 1.5, Number.NaN]) {
        try {
          void environ.input.read(size)
        } catch (error) {
          thrown.push((error as Error).name)
        }
      }
      const first = environ.input.read()
      try {
        void environ.input.read()
      } catch (error) {
        thrown.push((error as Error).message)
      }
      waiting.resolve()
      start(200, [])
      return String((await first).length)
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n')
    await waiting.promise
    client.send('ab')
    expect((await client.responses(1))[0]?.body).toBe('2')
    expect(thrown).toEqual([
      'RangeError',
      'RangeError',
      'RangeError',
      'RangeError',
      expect.stringContaining('an earlier read was pending'),
    ])
  })

  test('leaving a for await leaves the rest readable', async () => {
    const left = deferred()
    const { connect } = await serving(async (environ, start) => {
      let text = ''
      for await (const bytes of environ.input) {
        text += `${Buffer.from(bytes).toString()}|`
        break
      }
      left.resolve()
      for await (const bytes of environ.input) text += Buffer.from(bytes).toString()
      start(200, [])
      return text
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab')
    await left.promise
    client.send('cd')
    expect((await client.responses(1))[0]?.body).toBe('ab|cd')
  })

  test("chunks are the application's to keep, across connections", async () => {
    const kept: Uint8Array[] = []
    const { connect } = await serving(async (environ, start) => {
      for await (const bytes of environ.input) kept.push(bytes)
      start(200, [])
      return null
    })
    for (const letter of 'abcdef') {
      await connect()
        .send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n${letter.repeat(1000)}`)
        .responses(1)
    }
    expect(kept.map((bytes) => new Set(bytes).size)).toEqual(kept.map(() => 1))
    expect(Buffer.concat(kept).toString()).toBe([...'abcdef'].map((letter) => letter.repeat(1000)).join(''))
    for (const bytes of kept) expect(bytes.buffer.byteLength).toBe(bytes.length)
  })

  test('a short unread rest is thrown away, and never parsed as the next request', async () => {
    const { connect } = await serving(ignore)
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
    const client = connect()
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`)
    client.send(
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n${GET}`,
    )
    const responses = await client.responses(3)
    expect(responses).toHaveLength(3)
    expect(responses.every((response) => response.body === 'ignored')).toBe(true)
  })

  test('a long unread rest closes the connection, which the head says', async () => {
    const { connect } = await serving(ignore, { limits: { drainLimit: 1000 } })
    const counted = connect().send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n`)
    expect(await counted.toEnd()).toMatch(/connection: close\r\n\r\nignored$/)
    const chunked = connect().send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    await chunked.contains('ignored')
    chunked.send(`1000\r\n${'x'.repeat(4096)}\r\n0\r\n\r\n${GET}`)
    expect((await chunked.toEnd()).match(/HTTP\/1.1/g)).toHaveLength(1)
  })

  test('over the limit: 413 where the application does not catch it', async () => {
    const limits = { maxBodySize: 10 }
    const { exchange } = await serving(echo, { limits })
    expect(await exchange(post('Transfer-Encoding: chunked\r\n', 'b\r\n01234567890\r\n0\r\n\r\n'))).toMatch(
      /^HTTP\/1.1 413 /,
    )
    const caught = await serving(
      async (environ, start) => {
        const error = await Promise.resolve(environ.input.read()).then(
          () => null,
          (reason: { status: number }) => reason,
        )
        start(200, [])
        return `caught ${error?.status}`
      },
      { limits },
    )
    const text = await caught.exchange(
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n${GET}`,
    )
    expect(text).toMatch(/connection: close\r\n\r\ncaught 413$/)
  })

  test('malformed chunks: the read rejects with 400, which is the answer', async () => {
    const { exchange, log } = await serving(echo)
    expect(await exchange(post('Transfer-Encoding: chunked\r\n', '5\r\nhelloX'))).toMatch(/^HTTP\/1.1 400 /)
    expect(log).toEqual([])
  })

  test('a body that ends early: the read rejects with 400', async () => {
    const seen = deferred<unknown>()
    const { connect } = await serving(async (environ, start) => {
      try {
        for await (const _ of environ.input);
      } catch (error) {
        seen.resolve(error)
      }
      start(200, [])
      return null
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    client.end()
    expect(await seen.promise).toMatchObject({ status: 400 })
  })

  test('a fast sender waits for a slow application', async () => {
    const called = deferred()
    const go = deferred()
    const { connect } = await serving(async (environ, start) => {
      called.resolve()
      await go.promise
      let size = 0
      for await (const bytes of environ.input) size += bytes.length
      start(200, [])
      return String(size)
    })
    const size = 50_000_000
    const client = connect().send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
    client.send(Buffer.alloc(size))
    await called.promise
    await new Promise((resolve) => setTimeout(resolve, 50))
    // What the line holds, and a read or two of ours; never the whole.
    expect(client.waiting).toBeGreaterThan(0)
    go.resolve()
    expect((await client.responses(1))[0]?.body).toBe(String(size))
  })
})

describe('Expect: 100-continue', () => {
  const ask = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n'
  test('is answered when the application reads, not before', async () => {
    const called = deferred()
    const go = deferred()
    const { connect } = await serving(async (environ, start) => {
      called.resolve()
      await go.promise
      return echo(environ, start)
    })
    const client = connect().send(ask)
    await called.promise
    expect(client.received).toBe('')
    go.resolve()
    await client.contains('HTTP/1.1 100 Continue\r\n\r\n')
    client.send('hello')
    await client.contains('HTTP/1.1 200 OK')
    expect(client.received.match(/100 Continue/g)).toHaveLength(1)
    await client.contains('hello')
    client.send(GET.replace('GET', 'POST'))
    await client.until((c) => c.received.match(/HTTP\/1.1 200/g)?.length === 2)
  })
  test('a final answer without reading closes, since nobody knows what comes next', async () => {
    const { exchange } = await serving(ignore)
    const text = await exchange(ask + GET)
    expect(text).toMatch(/^HTTP\/1.1 200 [^]*connection: close\r\n\r\nignored$/)
  })
  test('is ignored in HTTP/1.0', async () => {
    const { exchange } = await serving(echo)
    expect(await exchange('POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello')).toMatch(
      /^HTTP\/1.1 200 [^]*hello$/,
    )
  })
})

describe('the environ', () => {
  const environOf = async (text: string, options = {}): Promise<Environ> => {
    const seen = deferred<Environ>()
    const { exchange } = await serving((environ, start) => {
      seen.resolve(environ)
      start(200, [])
      return null
    }, options)
    await exchange(text)
    return seen.promise
  }
  test('has what was sent, undecoded', async () => {
    const environ = await environOf('PUT /a%2Fb/../c?d=%20e HTTP/1.0\r\nHost: example.org:81\r\nX: 1\r\nx: 2\r\n\r\n')
    expect(environ).toMatchObject({
      version: [1, 0],
      requestMethod: 'PUT',
      scriptName: '',
      pathInfo: '/a%2Fb/../c',
      queryString: 'd=%20e',
      serverName: 'example.org',
      serverPort: 81,
      serverProtocol: 'HTTP/1.0',
      urlScheme: 'http',
      remoteAddr: '127.0.0.1',
      headers: ['host', 'example.org:81', 'x', '1', 'x', '2'],
      multithread: true,
      multiprocess: false,
      runOnce: false,
    })
    expect(environ.remotePort).toBeGreaterThan(0)
    expect(environ.server.name).toBe('test')
  })
  test('its data survive JSON and a spread', async () => {
    const environ = await environOf(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
    const { input: _i, errors: _e, server, ...data } = environ
    expect(JSON.parse(JSON.stringify(data))).toEqual(data)
    expect({ ...environ }.server).toBe(server)
  })
  test('names the listener where the client names no host', async () => {
    const environ = await environOf('GET / HTTP/1.0\r\n\r\n')
    expect(environ.serverName).toBe('127.0.0.1')
    expect(environ.serverPort).toBeGreaterThan(0)
  })
  test('has the port of the scheme where Host has none, and keeps IPv6 brackets', async () => {
    expect(await environOf('GET / HTTP/1.0\r\nHost: a\r\n\r\n')).toMatchObject({ serverName: 'a', serverPort: 80 })
    expect(await environOf('GET / HTTP/1.0\r\nHost: [::1]\r\n\r\n')).toMatchObject({
      serverName: '[::1]',
      serverPort: 80,
    })
    expect(await environOf('GET / HTTP/1.0\r\nHost: [::1]:5\r\n\r\n')).toMatchObject({
      serverName: '[::1]',
      serverPort: 5,
    })
  })

  const forwarded =
    'GET / HTTP/1.0\r\nHost: inner\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: outer.example\r\n\r\n'
  test('believes a trusted proxy, and keeps the raw peer', async () => {
    const environ = await environOf(forwarded, { trustedProxies: ['127.0.0.0/8'] })
    expect(environ).toMatchObject({
      remoteAddr: '203.0.113.9',
      urlScheme: 'https',
      // The proxy may have passed on the X-Forwarded-Host of the client.
      serverName: 'inner',
      serverPort: 443,
    })
    expect(environ['tsgi.peer']).toMatchObject({ address: '127.0.0.1', port: expect.any(Number) })
  })
  test('believes a trusted proxy about the host and the port where the operator says so', async () => {
    const trusting = { trustedProxies: ['127.0.0.0/8'] }
    const host = await environOf(forwarded, { ...trusting, forwardedFields: ['for', 'proto', 'host'] })
    expect(host).toMatchObject({ remoteAddr: '203.0.113.9', serverName: 'outer.example', serverPort: 443 })
    const request = 'GET / HTTP/1.0\r\nHost: inner:81\r\nX-Forwarded-Port: 8443\r\n\r\n'
    expect(await environOf(request, { ...trusting, forwardedFields: ['port'] })).toMatchObject({
      serverName: 'inner',
      serverPort: 8443,
    })
    expect(await environOf(request, trusting)).toMatchObject({ serverPort: 81 })
  })
  test('believes nobody else, and passes the fields on untouched', async () => {
    for (const options of [{}, { trustedProxies: ['10.0.0.0/8'] }]) {
      const environ = await environOf(forwarded, options)
      expect(environ).toMatchObject({ remoteAddr: '127.0.0.1', urlScheme: 'http', serverName: 'inner', serverPort: 80 })
      expect('tsgi.peer' in environ).toBe(false)
      expect(environ.headers).toContain('6.6.6.6, 203.0.113.9')
    }
  })
})
