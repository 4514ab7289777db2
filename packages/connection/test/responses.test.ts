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

describe('no body', () => {
  const endless = function* (): Generator<string> {
    for (;;) yield 'x'
  }
  test('HEAD gets the head that GET would, from each kind of body, and the connection goes on', async () => {
    const closed: string[] = []
    const closing = <T extends object>(body: T, name: string): T =>
      Object.assign(body, { close: () => void closed.push(name) })
    const app: Application = (environ, start) => {
      if (environ.pathInfo !== '/lazy') start(200, PLAIN)
      switch (environ.pathInfo) {
        case '/text':
          return 'hello'
        case '/null':
          return null
        case '/endless':
          return closing(endless(), 'endless')
        case '/push':
          return closing((out: { write(c: string): unknown }) => void out.write('x'), 'push')
        case '/lazy':
          return closing(
            (function* () {
              start(203, PLAIN)
              for (;;) yield 'x'
            })(),
            'lazy',
          )
        default:
          return 'end'
      }
    }
    const { connect } = await serving(app)
    const client = connect()
    for (const path of ['/text', '/null', '/endless', '/push', '/lazy'])
      client.send(`HEAD ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    client.send('GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const heads = (await client.toEnd()).split('\r\n\r\n')
    expect(heads).toHaveLength(7)
    expect(heads[0]).toContain('content-length: 5')
    expect(heads[1]).not.toMatch(/content-length|transfer-encoding/)
    expect(heads[2]).toContain('transfer-encoding: chunked')
    expect(heads[3]).toContain('transfer-encoding: chunked')
    expect(heads[4]).toMatch(/^HTTP\/1.1 203/)
    expect(heads[6]).toBe('end')
    expect(closed).toEqual(['endless', 'push', 'lazy'])
  })

  test.each([204, 205, 304])('%i has none, whatever the application gives', async (status) => {
    const { connect } = await serving((environ, start) => {
      start(environ.pathInfo === '/end' ? 200 : status, [])
      return environ.pathInfo === '/stream' ? endless() : 'body'
    })
    const client = connect().send(
      'GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /stream HTTP/1.1\r\nHost: a\r\n\r\nGET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    )
    const parts = (await client.toEnd()).split('\r\n\r\n')
    expect(parts).toHaveLength(4)
    expect(parts[3]).toBe('body')
    if (status === 205) expect(parts[0]).toContain('content-length: 0')
    if (status === 204) expect(parts[0]).not.toContain('content-length')
  })
})

describe('errors', () => {
  const bodies: Readonly<Record<string, () => Body | Promise<Body>>> = {
    'thrown at once': () => {
      throw new Error('secret')
    },
    'a rejection': () => Promise.reject(new Error('secret')),
    'thrown by a generator': () =>
      (function* (): Generator<string> {
        yield ''
        throw new Error('secret')
      })(),
    'thrown by an async generator': () =>
      (async function* (): AsyncGenerator<string> {
        yield ''
        throw new Error('secret')
      })(),
    'thrown by a writer': () => () => {
      throw new Error('secret')
    },
    'a rejection of a writer': () => async () => {
      throw new Error('secret')
    },
  }
  test.each(Object.keys(bodies))(
    '%s before the head costs a 500, one logged stack and not the connection',
    async (name) => {
      const { connect, log } = await serving((environ, start) => {
        start(200, PLAIN)
        return environ.pathInfo === '/ok' ? 'fine' : (bodies[name]?.() ?? null)
      })
      const client = connect().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      const [first] = await client.responses(1)
      expect(first).toMatchObject({ status: 500, body: '500 Internal Server Error\n' })
      expect(client.received).not.toContain('secret')
      client.send('GET /ok HTTP/1.1\r\nHost: a\r\n\r\n')
      expect((await client.responses(2))[1]?.body).toBe('fine')
      expect(log).toHaveLength(1)
      expect(stackOf(log[0]?.error)).toContain('secret')
    },
  )

  test('after the head the connection breaks, without a final chunk', async () => {
    const late: Readonly<Record<string, () => Body>> = {
      '/sync': () =>
        (function* () {
          yield 'a'.repeat(100_000)
          throw new Error('late')
        })(),
      '/async': () =>
        (async function* () {
          yield 'a'
          await Promise.resolve()
          throw new Error('late')
        })(),
      '/push': () => async (out) => {
        await out.write('a')
        await out.flush()
        throw new Error('late')
      },
    }
    const { get, log, exchange } = await serving((environ, start) => {
      start(200, PLAIN)
      return late[environ.pathInfo]?.() ?? null
    })
    for (const path of Object.keys(late)) {
      const response = await get(path)
      expect(response, path).toMatch(/^HTTP\/1.1 200 /)
      expect(response, path).not.toMatch(/0\r\n\r\n$/)
    }
    expect(log).toHaveLength(3)
    // In HTTP/1.0 an orderly end would say that all is well.
    await exchange('GET /async HTTP/1.0\r\n\r\n')
  })

  test('an HTTP/1.0 response that breaks off ends in a reset, not in an orderly end', async () => {
    const { connect } = await serving((_environ, start) => {
      start(200, PLAIN)
      return (async function* () {
        yield 'a'
        await new Promise((resolve) => setImmediate(resolve))
        throw new Error('late')
      })()
    })
    const client = await connect().send('GET / HTTP/1.0\r\n\r\n').toClose()
    expect(client.error?.code).toBe('ECONNRESET')
  })

  test('in development the client sees the stack, as HTML where it takes that', async () => {
    const app: Application = () => {
      throw new Error('<oops>')
    }
    const { get } = await serving(app, { development: true })
    expect(await get('/')).toContain('Error: <oops>')
    const page = await get('/', 'Accept: text/html\r\n')
    expect(page).toContain('content-type: text/html')
    expect(page).toContain('&lt;oops&gt;')
    expect(page).not.toContain('<oops>')
  })

  test('a late startResponse reaches no other request', async () => {
    const starts: StartResponse[] = []
    const { connect } = await serving((environ, start) => {
      starts.push(start)
      if (environ.pathInfo === '/first') {
        start(200, [])
        return 'first'
      }
      let error: unknown
      try {
        starts[0]?.(500, ['x', 'stolen'])
      } catch (caught) {
        error = caught
      }
      start(200, [])
      return String(error)
    })
    const client = connect().send('GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n')
    const [, second] = await client.responses(2)
    expect(second?.status).toBe(200)
    expect(second?.body).toContain('called twice')
  })
})

describe('close', () => {
  test('is called once, at the end, on every kind of body and every kind of end', async () => {
    const closed: string[] = []
    const iterated = (name: string): Body => ({
      [Symbol.iterator]: () => ['a', 'b'].values(),
      close: () => void closed.push(name),
    })
    const app: Application = (environ, start) => {
      start(200, environ.pathInfo === '/short' ? ['content-length', '1'] : [])
      const name = environ.pathInfo
      switch (name) {
        case '/sync':
        case '/short':
          return iterated(name)
        case '/async':
          return {
            async *[Symbol.asyncIterator]() {
              yield 'a'
            },
            close: async () => void closed.push(name),
          }
        case '/push':
          return Object.assign(async () => {}, { close: () => void closed.push(name) })
        case '/dispose':
          return { [Symbol.iterator]: () => ['a'].values(), [Symbol.dispose]: () => void closed.push(name) }
        case '/async-dispose':
          return { [Symbol.iterator]: () => ['a'].values(), [Symbol.asyncDispose]: async () => void closed.push(name) }
        default:
          return Object.assign(
            (function* (): Generator<string> {
              yield 'a'
              throw new Error('x')
            })(),
            { close: () => void closed.push(name) },
          )
      }
    }
    const { get } = await serving(app)
    const paths = ['/sync', '/short', '/async', '/push', '/dispose', '/async-dispose', '/throws']
    for (const path of paths) await get(path)
    expect(closed).toEqual(paths)
  })
  test('that fails is logged, and the response stands', async () => {
    const { get, log } = await serving(
      answer(() => ({
        [Symbol.iterator]: () => ['a'].values(),
        close: () => {
          throw new Error('cannot close')
        },
      })),
    )
    expect(bodyOf(await get('/'))).toBe('1\r\na\r\n0\r\n\r\n')
    expect(String(log[0]?.error)).toContain('cannot close')
  })
})

describe('services', () => {
  test('onFinish hears of success and of failure, once, with the response out', async () => {
    const heard: unknown[] = []
    const { get } = await serving((environ, start) => {
      environ.server.onFinish((error) => heard.push(error))
      start(200, [])
      if (environ.pathInfo === '/bad') throw new Error('bad')
      return 'a'
    })
    await get('/')
    await get('/bad')
    expect(heard[0]).toBeUndefined()
    expect(String(heard[1])).toContain('bad')
    expect(heard).toHaveLength(2)
  })
  test('onFinish after the end is called at once', async () => {
    const heard: string[] = []
    const { get } = await serving((environ, start) => {
      environ.server.onFinish(() => {
        environ.server.onFinish(() => heard.push('late'))
        heard.push('first')
      })
      start(200, [])
      return 'a'
    })
    await get('/')
    expect(heard).toEqual(['late', 'first'])
  })
  test('early hints go out before the head, in HTTP/1.1 only', async () => {
    const app: Application = (environ, start) => {
      environ.server.earlyHints?.(['link', '</a.css>; rel=preload'])
      start(200, [])
      return 'a'
    }
    const { get, exchange } = await serving(app)
    expect(await get('/')).toMatch(/^HTTP\/1.1 103 Early Hints\r\nlink: <\/a.css>; rel=preload\r\n\r\nHTTP\/1.1 200 OK/)
    expect(await exchange('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 OK/)
  })
  test('trailers follow the last chunk, also of a body that is at hand', async () => {
    const app: Application = (environ, start) => {
      let sum = 0
      environ.server.trailers?.(() => ['x-sum', String(sum)])
      start(200, [])
      if (environ.pathInfo === '/text') return 'abc'
      return (function* () {
        for (const n of [1, 2, 3]) {
          sum += n
          yield String(n)
        }
      })()
    }
    const { get, exchange } = await serving(app)
    expect(bodyOf(await get('/'))).toBe('1\r\n1\r\n1\r\n2\r\n1\r\n3\r\n0\r\nx-sum: 6\r\n\r\n')
    expect(bodyOf(await get('/text'))).toBe('3\r\nabc\r\n0\r\nx-sum: 0\r\n\r\n')
    expect(bodyOf(await exchange('GET / HTTP/1.0\r\n\r\n'))).toBe('123')
  })
  test('an error that replaces the response drops the trailers', async () => {
    const { get } = await serving((environ, start) => {
      environ.server.trailers?.(() => ['x-sum', '1'])
      start(200, [])
      start(500, [], new Error('x'))
      return new Set(['a'])
    })
    expect(await get('/')).not.toContain('x-sum')
  })
})
