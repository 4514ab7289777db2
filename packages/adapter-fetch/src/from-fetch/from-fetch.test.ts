import { setImmediate as turn } from 'node:timers/promises'
import { isPromise, type Body, type Environ, type HeaderList } from '@tsgi/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testEnviron } from '../../test/environ.ts'
import type { Bindings } from './bindings.ts'
import type { ExecutionContext } from './execution-context.ts'
import { installFastGlobals, uninstallFastGlobals } from './fast-globals.ts'
import type { FetchApp } from './fetch-app.ts'
import { fromFetch, type FromFetchOptions } from './from-fetch.ts'

/** Calls the application; a promise of its body stays one, so that a test can tell. */
function call(app: FetchApp, environ: Environ = testEnviron(), options?: FromFetchOptions) {
  const heads: [number, HeaderList][] = []
  const body = fromFetch(app, options)(environ, (status, fields) => void heads.push([status, fields]))
  return { body, heads }
}

async function textOf(body: Body): Promise<string> {
  let text = ''
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) {
    text += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
  }
  return text
}

describe.each([{ fast: false }, { fast: true }])('fromFetch (fastGlobals: $fast)', ({ fast }) => {
  beforeAll(() => (fast ? installFastGlobals() : undefined))
  afterAll(uninstallFastGlobals)

  test('takes a function or an object with fetch, whose fetch may be replaced', async () => {
    const app = { fetch: () => new Response('first') }
    const application = fromFetch(app)
    expect(await application(testEnviron(), () => undefined)).toBe('first')
    app.fetch = () => new Response('second')
    expect(await application(testEnviron(), () => undefined)).toBe('second')
    expect(await call(() => new Response('function')).body).toBe('function')
  })

  test('calls a method on its object', async () => {
    class App {
      readonly #word = 'private'
      fetch() {
        return new Response(this.#word)
      }
    }
    expect(await call(new App()).body).toBe('private')
  })

  test('costs no promise without a body', () => {
    const { body, heads } = call(() => new Response(null, { status: 204, headers: { 'x-one': '1' } }))
    expect(body).toBeNull()
    expect(heads).toEqual([[204, ['x-one', '1']]])
  })

  test(`costs ${fast ? 'no' : 'a'} promise for a string`, async () => {
    const { body, heads } = call(() => new Response('text'))
    expect(isPromise(body)).toBe(!fast)
    expect(await body).toBe('text')
    expect(heads).toEqual([[200, ['content-type', 'text/plain;charset=UTF-8']]])
  })

  test('gives a complete body whole, so that its length can be told', async () => {
    const bytes = new Uint8Array([0xff, 0, 1])
    expect(await call(() => new Response(bytes)).body).toEqual(bytes)
    expect(await call(() => new Response('grüße')).body).toEqual(fast ? 'grüße' : new TextEncoder().encode('grüße'))
    expect(await call(() => new Response('')).body).toBe('')
    expect(await call(() => new Response(new Uint8Array())).body).toEqual(fast ? new Uint8Array() : '')
    expect(await call(() => Response.json({ a: 1 })).body).toBe('{"a":1}')
    const passedOn = () => new Response(new Response('passed on').body?.pipeThrough(new TransformStream()))
    expect(await call(passedOn).body).toBe('passed on')
    const large = 'x'.repeat(100_000)
    expect(((await call(() => new Response(large)).body) as string).length).toBe(100_000)
  })

  test('streams what is not complete, strings as well as bytes', async () => {
    const chunks = ['one ', new TextEncoder().encode('two ') as Uint8Array, 'three']
    const stream = new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
    })
    expect(await textOf(await call(() => new Response(stream)).body)).toBe('one two three')
    async function* generator() {
      yield 'one '
      await turn()
      yield 'two'
    }
    const encoded = ReadableStream.from(generator()).pipeThrough(new TextEncoderStream())
    expect(await textOf(await call(() => new Response(encoded)).body)).toBe('one two')
  })

  test('sends the head of a stream that is silent, or begins with nothing', async () => {
    for (const first of [undefined, new Uint8Array()]) {
      const environ = testEnviron()
      const stream = new ReadableStream({
        start: (controller) => (first === undefined ? undefined : controller.enqueue(first)),
      })
      const body = (await call(() => new Response(stream), environ).body) as AsyncIterable<Uint8Array>
      expect(environ.flushes.count).toBe(0)
      void body[Symbol.asyncIterator]().next()
      expect(environ.flushes.count).toBe(1)
    }
    const environ = testEnviron()
    const ready = new ReadableStream({ start: (controller) => controller.enqueue('ready') })
    const body = (await call(() => new Response(ready), environ).body) as AsyncIterable<string>
    expect((await body[Symbol.asyncIterator]().next()).value).toBe('ready')
    expect(environ.flushes.count).toBe(0)
  })

  test('never takes a stream that failed after its first chunk for a whole body', async () => {
    const failing = new ReadableStream({
      pull(controller) {
        controller.enqueue('part')
        controller.error(new Error('half-way'))
      },
    })
    await expect(call(() => new Response(failing)).body).rejects.toThrow('half-way')
  })

  test('streams a body of another library, whose state nobody can tell', async () => {
    const chunks = ['one ', 'two']
    const reader = {
      read: () => Promise.resolve({ done: chunks.length === 0, value: chunks.shift() }),
      cancel: () => Promise.resolve(),
      closed: new Promise(() => undefined),
    }
    const response = { status: 200, headers: new Headers(), body: { locked: false, getReader: () => reader } }
    const body = await call(() => response as unknown as Response).body
    expect(await textOf(body as Body)).toBe('one two')
  })

  test('cancels the stream of a body that is closed, iterated or not', async () => {
    for (const begin of [false, true]) {
      let cancelled = 0
      const stream = new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: () => void cancelled++,
      })
      const body = (await call(() => new Response(stream)).body) as AsyncIterable<Uint8Array> & { close(): void }
      const iterator = body[Symbol.asyncIterator]()
      if (begin) await iterator.next()
      await iterator.return?.()
      body.close()
      expect(cancelled).toBe(1)
    }
  })

  test('logs a cancel that fails, but not a stream that failed before', async () => {
    const environ = testEnviron()
    const cancel = () => {
      throw new Error('in cancel')
    }
    const open = new ReadableStream({ cancel })
    const failing = new ReadableStream({ pull: () => turn().then(() => Promise.reject(new Error('in pull'))), cancel })
    for (const stream of [open, failing]) {
      const body = (await call(() => new Response(stream), environ).body) as AsyncIterable<unknown> & { close(): void }
      if (stream === failing) await expect(body[Symbol.asyncIterator]().next()).rejects.toThrow('in pull')
      body.close()
    }
    await turn()
    expect(environ.log).toHaveLength(1)
    expect(environ.log[0]).toMatch(/^The cancel of a response's stream failed: Error: in cancel\n/)
  })

  test('leaves out the fields that are the server’s own', async () => {
    const headers = {
      connection: 'keep-alive',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      te: 'trailers',
      upgrade: 'h2c',
      'proxy-connection': 'close',
      'x-one': '1',
    }
    expect(call(() => new Response(null, { headers })).heads).toEqual([[200, ['x-one', '1']]])
    const closing = { connection: 'Close', upgrade: 'h2c' }
    expect(call(() => new Response(null, { status: 426, headers: closing })).heads).toEqual([
      [426, ['connection', 'Close', 'upgrade', 'h2c']],
    ])
  })

  test('keeps every set-cookie', () => {
    const headers = new Headers()
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    expect(call(() => new Response(null, { headers })).heads).toEqual([
      [200, ['set-cookie', 'a=1', 'set-cookie', 'b=2']],
    ])
  })

  test('takes the Response of another library by its shape', async () => {
    const foreign = {
      status: 201,
      headers: new Map([['x-one', '1']]),
      body: ReadableStream.from(['fo', 'reign']),
    }
    const { body, heads } = call(() => foreign as unknown as Response)
    expect(await textOf(await body)).toBe('foreign')
    expect(heads).toEqual([[201, ['x-one', '1']]])
  })

  test('hands over bindings: the environ, the client, and what the option adds', () => {
    let env: Bindings | undefined
    const app = (_: Request, given: Bindings) => {
      env = given
      return new Response()
    }
    const environ = testEnviron()
    call(app, environ, { env: { DATABASE: 'db' } })
    expect(env?.environ).toBe(environ)
    expect(env?.['DATABASE']).toBe('db')
    expect({ ...env }.incoming?.socket).toEqual({
      remoteAddress: '192.0.2.1',
      remotePort: 40_000,
      remoteFamily: 'IPv4',
      encrypted: false,
    })
    expect(env?.outgoing.writeEarlyHints).toBeUndefined()
    call(app, testEnviron({ remoteAddr: '::1', urlScheme: 'https' }))
    expect(env?.incoming.socket).toMatchObject({ remoteFamily: 'IPv6', encrypted: true })
    call(app, testEnviron({ remoteAddr: null, remotePort: null }))
    expect(env?.incoming.socket).toMatchObject({
      remoteAddress: undefined,
      remotePort: undefined,
      remoteFamily: undefined,
    })
  })

  test('answers 400 where the target has no URL', () => {
    const { body, heads } = call(() => expect.unreachable(), testEnviron({ serverName: '1.2.3.4.5' }))
    expect(heads[0]?.[0]).toBe(400)
    expect(body).toContain('Host')
  })

  test('waits at shutdown for the work that was left over, and logs what of it failed', async () => {
    const environ = testEnviron()
    const first = Promise.withResolvers<void>()
    const second = Promise.withResolvers<void>()
    const application = fromFetch((_: Request, __: Bindings, context: ExecutionContext) => {
      context.waitUntil(first.promise.then(() => context.waitUntil(second.promise)))
      context.passThroughOnException()
      return new Response()
    })
    await application(environ, () => undefined)
    let stopped = false
    const shutdown = Promise.resolve(application.shutdown?.()).then(() => (stopped = true))
    first.resolve()
    await turn()
    expect(stopped).toBe(false)
    second.reject(new Error('left and failed'))
    await shutdown
    expect(environ.log.join('')).toMatch(/waitUntil[\s\S]*left and failed[\s\S]*from-fetch\.test\.ts/)
  })
})

describe('the request, beside the native classes', () => {
  function requestFor(environ: Environ, options?: FromFetchOptions): Request {
    let request: Request | undefined
    call((given) => ((request = given), new Response()), environ, options)
    return request as Request
  }
  const post = testEnviron({ requestMethod: 'POST', headers: ['content-length', '4'] }, ['body'])

  test('is lazy for GET: all a Request, but what the native constructor and fetch take', async () => {
    const request = requestFor(testEnviron({ headers: ['x-one', '1'] }))
    expect(request).toBeInstanceOf(Request)
    expect(() => new Request(request)).toThrow(TypeError)
    await expect(fetch(request)).rejects.toThrow(TypeError)
    const init = new Request(request.url, request)
    expect([init.url, init.headers.get('x-one')]).toEqual(['http://localhost:3000/', '1'])
    expect(new Request(request.clone()).headers.get('x-one')).toBe('1')
  })

  test('is native for other methods, whose requests middleware wraps', async () => {
    expect(await new Request(requestFor(post)).text()).toBe('body')
    expect(new Request(requestFor(testEnviron({ requestMethod: 'HEAD' }))).method).toBe('HEAD')
    expect(new Request(requestFor(testEnviron({ requestMethod: 'DELETE' }))).method).toBe('DELETE')
  })

  test('is native by option', () => {
    const request = requestFor(testEnviron({ headers: ['x-one', '1'] }), { nativeRequests: true })
    expect(new Request(request).headers.get('x-one')).toBe('1')
  })
})

describe('the global classes', () => {
  test('are left alone by default', () => {
    const before = [Request, Response, fetch]
    fromFetch(() => new Response())
    expect([Request, Response, fetch]).toEqual(before)
  })

  test('are replaced by the option, and put back', () => {
    const names = ['Request', 'Response', 'fetch'] as const
    const descriptors = () => names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name))
    const before = descriptors()
    fromFetch(() => new Response(), { fastGlobals: true })
    fromFetch(() => new Response(), { fastGlobals: true })
    expect(names.map((name) => globalThis[name].name)).toEqual(names)
    expect(descriptors()).not.toEqual(before)
    uninstallFastGlobals()
    expect(descriptors()).toEqual(before)
    uninstallFastGlobals()
  })
})
