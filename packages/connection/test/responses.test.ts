/** What goes out: the rules of `startResponse`, of bodies and of lengths (SPEC "The response", "The body"). */
import type { Application, Body, Environ, StartResponse } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { deferred, serving } from './serving.ts'

const PLAIN = ['content-type', 'text/plain']
const answer =
  (
    body: (environ: Environ, start: StartResponse) => Body,
    headers: readonly string[] = PLAIN,
    status = 200,
  ): Application =>
  (environ, startResponse) => {
    startResponse(status, headers)
    return body(environ, startResponse)
  }

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? '') : String(error))

const bodyOf = (response: string): string => response.slice(response.indexOf('\r\n\r\n') + 4)

describe('kinds of bodies', () => {
  test.each<[string, Body, string]>([
    ['a string', 'hello', 'content-length: 5'],
    ['a string beyond ASCII, counted in bytes', 'h\u00e9llo \u20ac', 'content-length: 10'],
    ['bytes', Buffer.from('hello'), 'content-length: 5'],
    ['an array', ['he', Buffer.from('l'), '', 'lo'], 'content-length: 5'],
    ['null', null, 'content-length: 0'],
    ['an empty array', [], 'content-length: 0'],
  ])('%s has its length declared', async (_name, body, field) => {
    const { get } = await serving(answer(() => body))
    const response = await get('/')
    expect(response).toContain(field)
    expect(response).not.toContain('transfer-encoding')
    const text =
      body === null
        ? ''
        : Array.isArray(body)
          ? Buffer.concat(body.map((c: string | Uint8Array) => Buffer.from(c as string)))
          : Buffer.from(body as string)
    expect(bodyOf(response)).toBe(text.toString('latin1'))
  })

  const chunks = ['a', '', Buffer.from('b'), 'c\u20ac']
  test.each<[string, () => Body]>([
    [
      'a generator',
      () =>
        (function* () {
          yield* chunks
        })(),
    ],
    [
      'an async generator',
      () =>
        (async function* () {
          yield* chunks
        })(),
    ],
    [
      'a function that writes',
      () => (out) => {
        for (const chunk of chunks) void out.write(chunk)
      },
    ],
    [
      'an async function that writes',
      () => async (out) => {
        for (const chunk of chunks) await out.write(chunk)
      },
    ],
    ['a Set', () => new Set(chunks)],
  ])('%s is chunked, empty chunks left out', async (_name, body) => {
    const { get } = await serving(answer(body))
    const response = await get('/')
    expect(response).toContain('transfer-encoding: chunked')
    expect(bodyOf(response)).toBe('1\r\na\r\n1\r\nb\r\n4\r\nc\xe2\x82\xac\r\n0\r\n\r\n')
  })

  test('an HTTP/1.0 client gets no chunks, and the end of the connection', async () => {
    const { exchange } = await serving(answer(() => new Set(['a', 'b'])))
    const response = await exchange('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    expect(response).toMatch(/\r\nconnection: close\r\n\r\nab$/)
    expect(response).not.toContain('transfer-encoding')
  })

  test.each([undefined, 5, {}, true])('%j is no body: 500', async (body) => {
    const { get, log } = await serving(answer(() => body as unknown as Body))
    expect(await get('/')).toMatch(/^HTTP\/1.1 500 /)
    expect(String(log[0]?.error)).toContain('as the body, got')
  })

  test('a chunk that is none fails the body', async () => {
    const { get, log } = await serving(answer(() => new Set([5]) as unknown as Body))
    expect(await get('/')).toMatch(/^HTTP\/1.1 500 /)
    expect(String(log[0]?.error)).toContain('a string or a Uint8Array as a chunk')
  })

  test('a large body arrives whole, from each kind', async () => {
    const piece = Buffer.alloc(100_000, 'x')
    const bodies: Readonly<Record<string, () => Body>> = {
      '/bytes': () => Buffer.alloc(5_000_000, 'x'),
      '/array': () => Array.from({ length: 50 }, () => piece),
      '/sync': () =>
        (function* () {
          for (let i = 0; i < 50; i++) yield piece
        })(),
      '/async': () =>
        (async function* () {
          for (let i = 0; i < 50; i++) yield piece
        })(),
      '/push': () => async (out) => {
        for (let i = 0; i < 50; i++) await out.write(piece)
      },
    }
    const app: Application = (environ, start) => {
      start(200, ['content-length', '5000000'])
      return bodies[environ.pathInfo]?.() ?? null
    }
    const { get } = await serving(app)
    for (const path of Object.keys(bodies)) expect(bodyOf(await get(path)), path).toHaveLength(5_000_000)
  })
})

describe('the head', () => {
  test('waits for the first non-empty chunk, so an error before it can still be an answer', async () => {
    const app: Application = (_environ, start) => {
      start(200, PLAIN)
      return (function* () {
        yield ''
        try {
          throw new Error('late')
        } catch (error) {
          start(503, ['x', 'y'], error)
          yield 'sorry'
        }
      })()
    }
    const { get } = await serving(app)
    expect(await get('/')).toMatch(/^HTTP\/1.1 503 Service Unavailable\r\n[^]*x: y\r\n[^]*sorry/)
  })

  test('may be begun by a generator that is only pulled later', async () => {
    const { get } = await serving((_environ, start) =>
      (function* () {
        start(201, PLAIN)
        yield 'made'
      })(),
    )
    expect(await get('/')).toMatch(/^HTTP\/1.1 201 Created/)
  })

  test('startResponse twice throws; with an error it replaces; after the head it rethrows that error', async () => {
    const thrown: unknown[] = []
    const wrong = new Error('wrong')
    const app: Application = (environ, start) => {
      start(200, PLAIN)
      try {
        start(200, PLAIN)
      } catch (error) {
        thrown.push(error)
      }
      start(202, PLAIN, undefined)
      return (function* () {
        yield 'a'
        environ.server.flush()
        try {
          start(500, [], wrong)
        } catch (error) {
          thrown.push(error)
        }
        yield 'b'
      })()
    }
    const { get } = await serving(app)
    expect(await get('/')).toMatch(/^HTTP\/1.1 202 /)
    expect(String(thrown[0])).toContain('called twice')
    expect(thrown[1]).toBe(wrong)
  })

  test.each([100, 101, 199, 600, 200.5, '200', Number.NaN])('a status of %s is refused', async (status) => {
    const { get, log } = await serving((_environ, start) => {
      start(status as number, [])
      return null
    })
    expect(await get('/')).toMatch(/^HTTP\/1.1 500 /)
    expect(String(log[0]?.error)).toContain('200 to 599')
  })

  test.each([
    ['a line end in a value', ['x', 'a\r\nset-cookie: b']],
    ['an upper-case name', ['Content-Type', 'a']],
    ['transfer-encoding', ['transfer-encoding', 'chunked']],
    ['connection: keep-alive', ['connection', 'keep-alive']],
    ['an odd list', ['x']],
  ])('%s is refused where startResponse is called', async (_name, headers) => {
    const { get, log } = await serving((_environ, start) => {
      start(200, headers)
      return 'not seen'
    })
    const response = await get('/')
    expect(response).toMatch(/^HTTP\/1.1 500 /)
    expect(response).not.toContain('not seen')
    expect(stackOf(log[0]?.error)).toContain('responses.test.ts')
  })

  test('a body without startResponse is an error', async () => {
    for (const body of ['text', null, new Set(['a'])]) {
      const { get } = await serving(() => body)
      expect(await get('/')).toMatch(/^HTTP\/1.1 500 /)
    }
  })

  test('has a date, and the server field only where asked for', async () => {
    const { get } = await serving(answer(() => 'a'))
    expect(await get('/')).toMatch(/\r\ndate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/)
    expect(await get('/')).not.toContain('\r\nserver:')
    const named = await serving(
      answer(() => 'a'),
      { serverHeader: 'tsgi' },
    )
    expect(await named.get('/')).toContain('\r\nserver: tsgi\r\n')
  })

  test('flush sends it alone', async () => {
    const go = deferred()
    const { connect } = await serving(async (environ, start) => {
      start(200, PLAIN)
      environ.server.flush()
      await go.promise
      return 'late body'
    })
    const client = await connect().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').contains('\r\n\r\n')
    expect(client.received).toContain('transfer-encoding: chunked')
    expect(client.received).not.toContain('late')
    go.resolve()
    await client.contains('9\r\nlate body\r\n0\r\n\r\n')
  })

  test('connection: close of the application ends the connection', async () => {
    const { exchange } = await serving(answer(() => 'a', ['connection', 'close']))
    expect(await exchange('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(
      /connection: close\r\n\r\na$/,
    )
  })
})

describe('lengths', () => {
  const declared = (body: () => Body, length: number): Application => answer(body, ['content-length', String(length)])

  test('a body at hand that differs is a 500', async () => {
    for (const body of ['abcdef', 'ab', null, ['abc', 'def']]) {
      const { get } = await serving(declared(() => body, 5))
      expect(await get('/')).toMatch(/^HTTP\/1.1 500 /)
    }
  })
  test('the surplus of a stream is not sent', async () => {
    const { get, log } = await serving(
      declared(
        () =>
          (function* () {
            yield 'abc'
            yield 'defg'
          })(),
        5,
      ),
    )
    expect(bodyOf(await get('/'))).toBe('abc')
    expect(String(log[0]?.error)).toContain('exceeds the declared content-length by 2')
  })
  test('the shortfall of a stream breaks the connection off', async () => {
    const { get, log } = await serving(
      declared(
        () =>
          (async function* () {
            yield 'abc'
          })(),
        5,
      ),
    )
    expect(bodyOf(await get('/'))).toBe('abc')
    expect(String(log[0]?.error)).toContain('2 bytes shorter')
  })
  test('an exact stream keeps the connection', async () => {
    const { connect } = await serving(
      declared(
        () =>
          (async function* () {
            yield 'abc'
            yield 'de'
          })(),
        5,
      ),
    )
    const client = connect().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.contains('abcde')
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await client.responses(2)).toHaveLength(2)
  })
})
