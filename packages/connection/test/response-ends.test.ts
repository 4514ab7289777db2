/** How responses end: with an error, with `close`, and for those that wait for it (SPEC "Failures", "Endings"). */
import type { Application, Body, Environ, StartResponse } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { serving } from './serving.ts'

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
