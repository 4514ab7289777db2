import { withLifespan, type Application } from '@tsgi/spec'
import { describe, expect, it } from 'vitest'
import { call, callSync } from '../test/call.ts'
import { HttpError } from './http-error.ts'
import { mini, type Middleware } from './mini.ts'
import { text } from './reply.ts'
import type { HandlerMiddleware } from './routes.ts'

describe('mini', () => {
  it('answers a route by its handler, without a promise where the handler has none', () => {
    const app = mini()
    app.get('/hello/:name', ({ params }) => `Hello, ${params.name}!`)
    const answer = callSync(app, 'GET /hello/J%C3%BCrgen')
    expect(answer.status).toBe(200)
    expect(answer.headers).toEqual(['content-type', 'text/plain; charset=utf-8'])
    expect(answer.body).toBe('Hello, Jürgen!')
  })

  it('answers by a handler that takes its time', async () => {
    const app = mini()
    app.get('/', async () => 'later')
    expect((await call(app, 'GET /')).body).toBe('later')
  })

  it('routes every method', () => {
    const app = mini()
    for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) app[method]('/', () => method)
    app.route('PROPFIND', '/', () => 'propfind')
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      expect(callSync(app, `${method} /`).body).toBe(method.toLowerCase())
    }
  })

  describe('without a route', () => {
    const app = mini()
    app.get('/a/:b', () => '')
    app.post('/a/:b', () => '')

    it('answers 404', () => {
      const { status, headers, body } = callSync(app, 'GET /nowhere')
      expect([status, body]).toEqual([404, '404 Not Found\n'])
      expect(headers).toEqual(['content-type', 'text/plain; charset=utf-8'])
    })

    it('answers 405 with the methods there are', () => {
      const answer = callSync(app, 'DELETE /a/b')
      expect(answer.status).toBe(405)
      expect(answer.all('allow')).toEqual(['GET, HEAD, OPTIONS, POST'])
    })

    it('answers OPTIONS with the methods there are', () => {
      const answer = callSync(app, 'OPTIONS /a/b')
      expect([answer.status, answer.body]).toEqual([204, null])
      expect(answer.all('allow')).toEqual(['GET, HEAD, OPTIONS, POST'])
    })

    it('answers HEAD as it would GET, for the server to leave out the body', () => {
      expect(callSync(app, 'HEAD /a/b')).toMatchObject({ status: 200, body: '' })
      expect(callSync(app, 'HEAD /nowhere').status).toBe(404)
    })

    it('answers 400 to an escape that does not decode', () => {
      expect(callSync(app, 'GET /a/%ff')).toMatchObject({ status: 400 })
    })
  })

  describe('errors', () => {
    const failing = (): ReturnType<typeof mini> => {
      const app = mini()
      app.get('/gone', () => {
        throw new HttpError(410, 'Moved out.', ['x-since', 'may'])
      })
      app.get('/bug', () => {
        throw new Error('secret')
      })
      app.get('/late', async () => {
        throw new Error('secret')
      })
      app.post('/upload', async ({ bytes }) => bytes)
      return app
    }

    it('answers an HttpError with its status, message and fields', () => {
      const answer = callSync(failing(), 'GET /gone')
      expect([answer.status, answer.body]).toEqual([410, 'Moved out.\n'])
      expect(answer.all('x-since')).toEqual(['may'])
    })

    it('leaves any other to the server, in the way it came', async () => {
      expect(() => callSync(failing(), 'GET /bug')).toThrow('secret')
      await expect(call(failing(), 'GET /late')).rejects.toThrow('secret')
    })

    it('asks the error handler, and logs what no one else will', async () => {
      const app = failing()
      app.onError(async (error) => ({ sorry: error instanceof HttpError ? error.message : 'bug' }))
      let log = ''
      const errors = { write: (text: string) => void (log += text), flush() {} }
      for (const path of ['/bug', '/late']) {
        log = ''
        const answer = await call(app, `GET ${path}`, { environ: { errors } })
        expect([answer.status, answer.body]).toEqual([500, '{"sorry":"bug"}'])
        expect(log).toMatch(/Error: secret\n +at .*mini\.test\.ts/)
      }
      log = ''
      const answer = await call(app, 'GET /gone', { environ: { errors } })
      expect([answer.status, answer.body, log]).toEqual([410, '{"sorry":"Moved out."}', ''])
      expect(answer.all('x-since')).toEqual(['may'])
    })

    it('keeps allow with 405 whatever the error handler says, and its status where it names one', () => {
      const app = failing()
      app.onError(() => text('no', { status: 418 }))
      expect(callSync(app, 'POST /gone').all('allow')).toEqual(['GET, HEAD, OPTIONS'])
      const environ = { errors: { write() {}, flush() {} } }
      expect(callSync(app, 'GET /bug', { environ }).status).toBe(418)
      app.onError(() => null)
      expect(callSync(app, 'GET /bug', { environ })).toMatchObject({ status: 500, body: null })
    })

    it('asks the not-found handler for 404s of either kind', () => {
      const app = failing()
      app.get('/thrown', () => {
        throw new HttpError(404)
      })
      app.onError(() => 'error')
      app.onNotFound(({ environ }) => `no ${environ.pathInfo}`)
      for (const path of ['/x', '/thrown']) {
        expect(callSync(app, `GET ${path}`)).toMatchObject({ status: 404, body: `no ${path}` })
      }
      expect(callSync(app, 'GET /gone').body).toBe('error')
    })

    it('answers by the status of the input error where there is an error handler', async () => {
      const app = mini()
      app.post('/', () => Promise.reject(Object.assign(new Error('too slow'), { status: 408 })))
      app.onError(() => 'sorry')
      expect(await call(app, 'POST /')).toMatchObject({ status: 408 })
    })

    it('leaves an error of the error handler to the server', () => {
      const app = failing()
      app.onError(() => {
        throw new Error('twice')
      })
      expect(() => callSync(app, 'GET /gone')).toThrow('twice')
    })
  })

  describe('middleware', () => {
    const marked =
      (mark: string): Middleware =>
      (inner) =>
        withLifespan((environ, startResponse) => {
          return inner(environ, (status, headers, ...error) =>
            startResponse(status, [...headers, 'x-mark', mark], ...error),
          )
        }, inner)

    it('stands around everything, the first outermost', () => {
      const app = mini()
      app.use(marked('outer'))
      app.use(marked('inner'))
      app.get('/', () => '')
      expect(callSync(app, 'GET /').all('x-mark')).toEqual(['inner', 'outer'])
      expect(callSync(app, 'GET /nowhere').all('x-mark')).toEqual(['inner', 'outer'])
    })

    it('is refused once the application runs', async () => {
      const app = mini()
      await app.startup?.()
      expect(() => app.use(marked('late'))).toThrow('before')
    })

    it('wraps the handlers of a group, the first outermost', () => {
      const logged =
        (mark: string): HandlerMiddleware =>
        (next) =>
        (context) => {
          context.addHeader('x-mark', mark)
          return next(context)
        }
      const app = mini()
      app.get('/', () => '')
      const admin = app.group('/admin', logged('1'), logged('2'))
      admin.get('/:page', ({ params }) => params.page)
      admin.group('/deep', logged('3')).get('', () => 'deep')
      expect(callSync(app, 'GET /').all('x-mark')).toEqual([])
      expect(callSync(app, 'GET /admin/x').all('x-mark')).toEqual(['1', '2'])
      expect(callSync(app, 'GET /admin/x').body).toBe('x')
      expect(callSync(app, 'GET /admin/deep').all('x-mark')).toEqual(['1', '2', '3'])
    })
  })

  describe('mount', () => {
    const seen: Application = (environ, startResponse) => {
      startResponse(200, [])
      return `${environ.scriptName}|${environ.pathInfo}|${environ.queryString}`
    }
    const app = mini()
    app.mount('/shop', seen)
    app.mount('/a/b/', seen)
    app.get('/shop/route', () => 'route')
    app.get('/:page', ({ params }) => params.page)

    it.each([
      ['/shop', '/shop||'],
      ['/shop/', '/shop|/|'],
      ['/shop/x/y?z', '/shop|/x/y|z'],
      ['/sho%70/%2F/x', '/sho%70|/%2F/x|'],
      ['/a/b//c', '/a/b|//c|'],
      ['/a/%62', '/a/%62||'],
    ])('divides the raw path of %s', (path, expected) => {
      expect(callSync(app, `GET ${path}`).body).toBe(expected)
    })

    it('takes every method, but leaves what is routed', () => {
      expect(callSync(app, 'PURGE /shop').body).toBe('/shop||')
      expect(callSync(app, 'GET /shop/route').body).toBe('route')
      expect(callSync(app, 'POST /shop/route').body).toBe('/shop|/route|')
    })

    it('does not take its neighbours, nor an encoded slash for a border', () => {
      expect(callSync(app, 'GET /shopping').body).toBe('shopping')
      expect(callSync(app, 'GET /shop%2Fx').body).toBe('shop/x')
      expect(callSync(app, 'GET /a').body).toBe('a')
    })

    it('at the root takes what is left', () => {
      const app = mini()
      app.get('/mine', () => 'mine')
      app.mount('/', seen)
      expect(callSync(app, 'GET /mine').body).toBe('mine')
      expect(callSync(app, 'GET /').body).toBe('|/|')
      expect(callSync(app, 'GET /x/y').body).toBe('|/x/y|')
    })

    it('nests, and routes inside see the rest', () => {
      const inner = mini()
      inner.get('/', ({ environ }) => `root of ${environ.scriptName}`)
      inner.mount('/deeper', seen)
      const outer = mini()
      outer.mount('/in', inner)
      expect(callSync(outer, 'GET /in').body).toBe('root of /in')
      expect(callSync(outer, 'GET /in/').body).toBe('root of /in')
      expect(callSync(outer, 'GET /in/deeper/x').body).toBe('/in/deeper|/x|')
    })

    it('leaves the environ of the outer application as it was, and the errors of the inner to the server', () => {
      const app = mini()
      app.onError(() => 'mine')
      app.mount('/x', () => {
        throw new Error('inner')
      })
      expect(() => callSync(app, 'GET /x')).toThrow('inner')
    })
  })

  it('starts hooks and mounted applications in order and stops them in the opposite one, each once', async () => {
    const calls: string[] = []
    const part = (name: string): Application =>
      Object.assign((() => null) as Application, {
        startup: async () => void calls.push(`+${name}`),
        shutdown: () => void calls.push(`-${name}`),
      })
    const app = mini()
    const mounted = part('mounted')
    app.onStartup(() => void calls.push('+first'))
    app.mount('/a', mounted)
    app.mount('/b', mounted)
    app.onShutdown(() => void calls.push('-last'))
    app.use((inner) => withLifespan((environ, startResponse) => inner(environ, startResponse), inner))
    const outer = withLifespan((environ, startResponse) => app(environ, startResponse), app)
    await outer.startup?.()
    await outer.shutdown?.()
    expect(calls).toEqual(['+first', '+mounted', '-last', '-mounted'])
  })

  it('is an application of two arguments, as a loader expects', () => {
    expect(mini()).toBeTypeOf('function')
    expect(mini()).toHaveLength(2)
  })
})
