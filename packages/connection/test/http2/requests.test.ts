import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { Application, Environ } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import { deferred, serving } from '../serving.ts'
import { answerOf, connect, field, get, rawConnect } from './client.ts'
import { code, frame, get as getFrame, post, RST_STREAM } from './raw-client.ts'

describe('HTTP/2 in clear text', () => {
  it('is recognised by its preface, on the port that speaks HTTP/1.1', async () => {
    const server = await serving((environ, start) => (start(200, []), environ.serverProtocol), {}, 'sockets')
    expect((await get(connect(server.port), '/')).body).toBe('HTTP/2')
    expect(await server.get('/')).toMatch(/HTTP\/1.1$/)
  })

  it('is recognised when its preface arrives byte by byte', async () => {
    const server = await serving((_, start) => (start(200, []), 'hello'), {}, 'sockets')
    const client = rawConnect(server.port)
    client.socket.setNoDelay(true)
    const bytes = getFrame(1)
    for (const byte of bytes) {
      client.send(Buffer.of(byte))
      await turn()
    }
    await client.until(() => client.ended(1))
    expect(client.body(1)).toBe('hello')
  })

  it('is not spoken after a request of HTTP/1.1', async () => {
    const server = await serving((_, start) => (start(200, []), 'hello'), {}, 'sockets')
    const received = await server.exchange('GET / HTTP/1.1\r\nHost: a\r\n\r\nPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    expect(received).toMatch(/hello.*HTTP\/1.1 505/s)
  })

  it('leaves a 505 for any other HTTP/2.0', async () => {
    const server = await serving((_, start) => (start(200, []), 'hello'), {}, 'sockets')
    expect(await server.exchange('GET / HTTP/2.0\r\nHost: a\r\n\r\n')).toMatch(/^HTTP\/1.1 505/)
    expect(await server.exchange('PRI / HTTP/2.0\r\n\r\nSM\r\n\r\n')).toMatch(/^HTTP\/1.1 505/)
  })
})

describe('the environ of an HTTP/2 request', () => {
  async function environOf(headers: Record<string, string | string[]>, path = '/'): Promise<Environ> {
    let seen: Environ | undefined
    const server = await serving((environ, start) => ((seen = environ), start(204, []), null), {}, 'sockets')
    await get(connect(server.port), path, headers)
    return seen as Environ
  }

  it('has host from :authority, and no pseudo-field', async () => {
    const environ = await environOf({ ':authority': 'shop.test:81', accept: '*/*' }, '/a%2Fb?c=d')
    expect(environ.headers).toEqual(['host', 'shop.test:81', 'accept', '*/*'])
    expect(environ).toMatchObject({ serverName: 'shop.test', serverPort: 81, pathInfo: '/a%2Fb', queryString: 'c=d' })
  })

  it('has the parts of a cookie joined', async () => {
    const server = await serving((environ, start) => (start(200, []), environ.headers.join('|')), {}, 'sockets')
    const client = rawConnect(server.port)
    client.send(getFrame(1, '/', ['cookie', 'a=1', 'x', 'y', 'cookie', 'b=2']))
    await client.until(() => client.ended(1))
    expect(client.body(1)).toBe('host|a.test|cookie|a=1; b=2|x|y')
  })

  it('keeps bytes of values as they were sent', async () => {
    expect((await environOf({ 'x-a': 'caf\xe9' })).headers).toContain('caf\xe9')
  })
})

it('says that a body of unknown length follows, as HTTP/1.1 does', async () => {
  const server = await serving((environ, start) => (start(200, []), environ.headers.join('|')), {}, 'sockets')
  const session = connect(server.port)
  const post = (headers: Record<string, string>): Promise<{ body: string }> => {
    const stream = session.request({ ':method': 'POST', ':authority': 'a', ...headers })
    stream.end('abc')
    return answerOf(stream)
  }
  expect((await post({})).body).toBe('host|a|transfer-encoding|chunked')
  expect((await post({ 'content-length': '3' })).body).toBe('host|a|content-length|3')
  expect((await get(session, '/', { ':authority': 'a' })).body).toBe('host|a')
})

describe('a request of HTTP/2 that breaks a rule', () => {
  const status = async (more: string[], path = '/', limits = {}): Promise<string> => {
    const server = await serving((_, start) => (start(200, []), 'passed'), { limits }, 'sockets')
    const session = connect(server.port)
    const headers: Record<string, string> = {}
    for (let at = 0; at < more.length; at += 2) headers[more[at] as string] = more[at + 1] as string
    const answer = await get(session, path, headers)
    // The connection is not the worse for it.
    expect((await get(session, '/')).body).toBe('passed')
    return `${answer.status} ${answer.body.split('\n')[2] ?? ''}`
  }

  it.each([
    ['a path with #', [], '/a#b', "400 a request target is visible ASCII without '#'"],
    ['a backslash', [], '/a\\b', '400 no backslash in a path'],
    ['a bad authority', [':authority', 'a(b'], '/', '400 :authority is not host[:port]'],
    ['two places', [':authority', 'a', 'host', 'b'], '/', '400 :authority and host name two places'],
    [
      'a look-alike',
      ['content_length', '1'],
      '/',
      '400 the field name content_length looks like a framing field; use hyphens',
    ],
    ['an expectation', ['expect', 'more'], '/', '417 the only expectation served is 100-continue'],
  ])('%s', async (_, more, path, expected) => {
    expect(await status(more, path)).toBe(expected)
  })

  it('is too large', async () => {
    expect(await status([], `/${'x'.repeat(100)}`, { maxTargetSize: 50 })).toMatch(/^414/)
    expect(await status(['x', 'y'.repeat(100)], '/', { maxHeaderSize: 50 })).toMatch(/^431/)
    expect(await status(['x', 'y', 'z', 'y'], '/', { maxHeaders: 2 })).toMatch(/^431/)
  })

  it('answers OPTIONS * itself', async () => {
    const server = await serving((_, start) => (start(200, []), 'passed'), {}, 'sockets')
    const answer = await get(connect(server.port), '*', { ':method': 'OPTIONS' })
    expect(answer.status).toBe(204)
    expect(field(answer, 'allow')).toHaveLength(1)
  })
})

describe('the body of an HTTP/2 request', () => {
  const reader: Application = async (environ, start) => {
    let size = 0
    for await (const bytes of environ.input) size += bytes.length
    start(200, [])
    return `${size} ${JSON.stringify(environ.input.trailers)}`
  }

  it('is read to its end, and its trailers after it', async () => {
    const server = await serving(reader, {}, 'sockets')
    const stream = connect(server.port).request({ ':method': 'POST' }, { waitForTrailers: true } as object)
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }))
    stream.write(Buffer.alloc(200_000))
    stream.end()
    expect((await answerOf(stream)).body).toBe('200000 ["x-sum","1"]')
  })

  it('is asked for when the application reads it, and not before', async () => {
    const read = deferred()
    const server = await serving(
      async (environ, start) => {
        await read.promise
        return await reader(environ, start)
      },
      {},
      'sockets',
    )
    const stream = connect(server.port).request({ ':method': 'POST', expect: '100-continue' })
    const answer = answerOf(stream)
    stream.on('continue', () => stream.end('abc'))
    expect(server.http.stats().active).toBe(0)
    await once(stream, 'ready').catch(() => {})
    read.resolve()
    expect((await answer).body).toBe('3 null')
  })

  it('is refused unread where it is too large', async () => {
    const server = await serving(reader, { limits: { maxBodySize: 10 } }, 'sockets')
    const session = connect(server.port)
    const declared = session.request({ ':method': 'POST', 'content-length': '11' })
    expect((await answerOf(declared)).status).toBe(413)
    const undeclared = session.request({ ':method': 'POST' })
    undeclared.end(Buffer.alloc(11))
    expect((await answerOf(undeclared)).status).toBe(413)
  })

  it('does not flow faster than the application reads', async () => {
    const go = deferred()
    const server = await serving(
      async (environ, start) => {
        await go.promise
        return await reader(environ, start)
      },
      {},
      'sockets',
    )
    const stream = connect(server.port).request({ ':method': 'POST' })
    const answer = answerOf(stream)
    stream.end(Buffer.alloc(1_000_000))
    // Another request of the same connection passes by.
    const other = connect(server.port)
    await new Promise<void>((resolve) => other.ping(() => resolve()))
    expect(stream.bufferSize).toBeGreaterThan(800_000)
    go.resolve()
    expect((await answer).body).toBe('1000000 null')
  })

  it('ends also where its last bytes were read before it ended', async () => {
    const server = await serving(
      async (environ, start) => {
        let size = 0
        for await (const bytes of environ.input) {
          size += bytes.length
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        start(200, [])
        return String(size)
      },
      {},
      'sockets',
    )
    const stream = connect(server.port).request({ ':method': 'POST' })
    stream.end(Buffer.alloc(40_000))
    expect((await answerOf(stream)).body).toBe('40000')
  })

  it('fails where the client resets the stream', async () => {
    const failed = deferred<unknown>()
    const reading = deferred()
    const server = await serving(
      async (environ) => {
        const read = environ.input.read()
        reading.resolve()
        try {
          await read
        } catch (error) {
          failed.resolve(error)
        }
        return null
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port).send(post(1))
    await reading.promise
    client.send(frame(RST_STREAM, 0, 1, code(8)))
    expect(await failed.promise).toMatchObject({ status: 400 })
  })
})
