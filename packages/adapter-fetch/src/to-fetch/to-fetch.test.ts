import { setImmediate as turn } from 'node:timers/promises'
import type { Application, Body, BodyWriter, Chunk, Environ, HeaderList } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { toFetch, type ToFetchOptions } from './to-fetch.ts'

const PLAIN = ['content-type', 'text/plain']

/** A handler whose errors are kept. */
function handlerOf(app: Application, options: ToFetchOptions = {}) {
  const log: string[] = []
  const handler = toFetch(app, { errors: { write: (text) => void log.push(text), flush: () => undefined }, ...options })
  return { handler, log, get: (init?: RequestInit) => handler(new Request('http://localhost/', init)) }
}

/** An application that gives this body, and what became of it. */
function giving(make: (environ: Environ) => unknown, fields: HeaderList = PLAIN, status = 200) {
  const seen = { closed: 0, finished: [] as unknown[][] }
  const app: Application = (environ, startResponse) => {
    environ.server.onFinish((...outcome) => void seen.finished.push(outcome))
    startResponse(status, fields)
    const body = make(environ)
    if (typeof body === 'function' || (typeof body === 'object' && body !== null && !Array.isArray(body))) {
      if (!(body instanceof Uint8Array)) Object.assign(body, { close: () => void seen.closed++ })
    }
    return body as Body
  }
  return { ...handlerOf(app), seen }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined) => new TextDecoder().decode(value)

describe('the environ of a Request', () => {
  async function environOf(request: Request, info?: unknown, options?: ToFetchOptions): Promise<Environ> {
    let seen: Environ | undefined
    const app: Application = (environ, startResponse) => {
      seen = environ
      startResponse(204, [])
      return null
    }
    await handlerOf(app, options).handler(request, info)
    return seen as Environ
  }

  test('says what was asked', async () => {
    const request = new Request('https://example.org:8443/a%20b/c?d=e', { headers: { 'X-One': '1' } })
    expect(await environOf(request)).toMatchObject({
      version: [1, 0],
      requestMethod: 'GET',
      scriptName: '',
      pathInfo: '/a%20b/c',
      queryString: 'd=e',
      serverName: 'example.org',
      serverPort: 8443,
      urlScheme: 'https',
      remoteAddr: null,
      remotePort: null,
      headers: ['x-one', '1', 'host', 'example.org:8443'],
      multithread: true,
      multiprocess: false,
      runOnce: false,
      'fetch.request': request,
    })
    expect((await environOf(new Request('http://localhost/'))).serverPort).toBe(80)
    expect((await environOf(new Request('https://[::1]/'))).serverName).toBe('[::1]')
  })

  test('says that there is a body', async () => {
    const post = (headers: Record<string, string>) => new Request('http://h/', { method: 'POST', body: 'x', headers })
    const { headers } = await environOf(post({ 'content-type': 'a/b' }))
    expect(headers).toEqual(['content-type', 'a/b', 'host', 'h', 'transfer-encoding', 'chunked'])
    expect((await environOf(post({ 'content-length': '1' }))).headers).not.toContain('transfer-encoding')
  })

  test('finds the client in what hosts pass', async () => {
    const request = new Request('http://localhost/')
    const node = { incoming: { socket: { remoteAddress: '192.0.2.1', remotePort: 5 } } }
    expect(await environOf(request, node)).toMatchObject({ remoteAddr: '192.0.2.1', remotePort: 5, 'fetch.info': node })
    const deno = { remoteAddr: { transport: 'tcp', hostname: '192.0.2.2', port: 6 } }
    expect(await environOf(request, deno)).toMatchObject({ remoteAddr: '192.0.2.2', remotePort: 6 })
    const whatwg = { req: { socket: { remoteAddress: '192.0.2.4', remotePort: 7 } } }
    expect(await environOf(request, whatwg)).toMatchObject({ remoteAddr: '192.0.2.4', remotePort: 7 })
    const bun = { requestIP: (asked: Request) => (asked === request ? { address: '192.0.2.5', port: 8 } : null) }
    expect(await environOf(request, bun)).toMatchObject({ remoteAddr: '192.0.2.5', remotePort: 8 })
    const runtime = { name: 'node', node: { req: { socket: { remoteAddress: '192.0.2.6', remotePort: 9 } } } }
    const srvx = Object.assign(new Request(request), { runtime })
    expect(await environOf(srvx, undefined)).toMatchObject({ remoteAddr: '192.0.2.6', remotePort: 9 })
    const remote = () => ({ address: '192.0.2.3', port: null })
    expect(await environOf(request, {}, { remote })).toMatchObject({ remoteAddr: '192.0.2.3', remotePort: null })
  })

  test('has the prefix that the host took off', async () => {
    const request = new Request('http://localhost/page')
    expect(await environOf(request, undefined, { scriptName: '/admin' })).toMatchObject({
      scriptName: '/admin',
      pathInfo: '/page',
    })
  })
})

describe('the input', () => {
  const echo = (read: (environ: Environ) => Promise<string>) =>
    handlerOf(async (environ, startResponse) => {
      const body = await read(environ)
      startResponse(200, PLAIN)
      return body
    })

  test('is read in pieces, and ends', async () => {
    const { get } = echo(async ({ input }) => {
      const parts: string[] = []
      for (const size of [2, 1, undefined, 5, undefined]) parts.push(text(await input.read(size)))
      return parts.join('|')
    })
    expect(await (await get({ method: 'POST', body: 'abcdef' })).text()).toBe('ab|c|def||')
  })

  test('is iterated, and what a loop leaves is still there', async () => {
    const { get } = echo(async ({ input }) => {
      for await (const chunk of input) {
        if (chunk.length > 0) break
      }
      let rest = ''
      for await (const chunk of input) rest += text(chunk)
      return rest
    })
    const body = new ReadableStream({
      start(controller) {
        for (const chunk of ['one', '', 'two', 'three']) controller.enqueue(bytes(chunk))
        controller.close()
      },
    })
    expect(await (await get({ method: 'POST', body, duplex: 'half' })).text()).toBe('twothree')
  })

  test('is empty where there is none', async () => {
    const { get } = echo(async ({ input }) => `${(await input.read()).length} ${input.trailers}`)
    expect(await (await get()).text()).toBe('0 null')
  })

  test('refuses a size that is none, and two readers', async () => {
    const { get } = echo(async ({ input }) => {
      for (const size of [0, -1, 1.5]) expect(() => input.read(size)).toThrow(RangeError)
      const first = input.read()
      expect(() => input.read()).toThrow('await each read')
      return text(await first)
    })
    expect(await (await get({ method: 'POST', body: 'abc' })).text()).toBe('abc')
  })

  test('that breaks off is answered 400 where the application does not handle it', async () => {
    const { get } = echo(async ({ input }) => text(await input.read()))
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
    expect((await get({ method: 'POST', body, duplex: 'half' })).status).toBe(400)
  })
})

describe('a body', () => {
  test.each<[string, () => unknown, string]>([
    ['null', () => null, ''],
    ['a string', () => 'grüße', 'grüße'],
    ['bytes', () => bytes('bytes'), 'bytes'],
    ['an array', () => ['one ', bytes('two')], 'one two'],
    ['an empty array', () => [], ''],
  ])('of %s has its length', async (_, make, expected) => {
    const { get, seen } = giving(make)
    const response = await get()
    expect(response.headers.get('content-length')).toBe(String(bytes(expected).length))
    expect(response.headers.get('content-type')).toBe('text/plain')
    expect(await response.text()).toBe(expected)
    expect(seen.finished).toEqual([[]])
  })

  const streams: [string, () => unknown][] = [
    [
      'a generator',
      function* generator() {
        yield 'one '
        yield ''
        yield bytes('two')
      },
    ],
    [
      'an async generator',
      async function* generator() {
        yield 'one '
        await Promise.resolve()
        yield bytes('two')
      },
    ],
    ['an iterable', () => ({ [Symbol.iterator]: () => ['one ', 'two'].values() })],
    [
      'a function',
      () => async (out: BodyWriter) => {
        await out.write('one ')
        await out.flush()
        await out.write(bytes('two'))
      },
    ],
    [
      'a function that does not wait',
      () => (out: BodyWriter) => {
        void out.write('one ')
        void out.write('two')
      },
    ],
  ]
  test.each(streams)('of %s is streamed, and closed once at its end', async (_, make) => {
    const { get, seen } = giving(make)
    const response = await get()
    expect(response.headers.get('content-length')).toBeNull()
    expect(await response.text()).toBe('one two')
    expect(seen).toEqual({ closed: 1, finished: [[]] })
  })

  test('that is empty makes an empty answer', async () => {
    for (const make of [() => [].values(), () => () => undefined]) {
      const { get, seen } = giving(make)
      expect(await (await get()).text()).toBe('')
      expect(seen).toEqual({ closed: 1, finished: [[]] })
    }
  })

  test('keeps every set-cookie', async () => {
    const { get } = giving(() => '', ['set-cookie', 'a=1', 'set-cookie', 'b=2'])
    expect((await get()).headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  test('is pulled no further than 64 KiB ahead of its reader', async () => {
    const chunk = new Uint8Array(16 * 1024)
    let pulled = 0
    const { get } = giving(function* endless() {
      for (;;) {
        pulled++
        yield chunk
      }
    })
    const reader = ((await get()).body as ReadableStream<Uint8Array>).getReader()
    expect(pulled).toBe(4)
    let read = 0
    for (let i = 0; i < 3; i++) {
      read += (await reader.read()).value?.length ?? 0
      await turn()
      expect(pulled * chunk.length - read).toBeLessThanOrEqual(80 * 1024)
    }
    await reader.cancel()
  })

  test('in small chunks leaves in larger pieces where the reader is slower', async () => {
    const { get } = giving(() => ['a', 'b', 'c'].values())
    const reader = ((await get()).body as ReadableStream<Uint8Array>).getReader()
    expect(text((await reader.read()).value)).toBe('abc')
    expect((await reader.read()).done).toBe(true)
  })

  test('that writes waits for the reader', async () => {
    const chunk = new Uint8Array(48 * 1024)
    const waits: string[] = []
    const { get, seen } = giving(() => async (out: BodyWriter) => {
      for (let i = 0; i < 4; i++) {
        const wait = out.write(chunk)
        waits.push(wait === undefined ? 'room' : 'full')
        await wait
      }
    })
    const reader = ((await get()).body as ReadableStream<Uint8Array>).getReader()
    await turn()
    expect(waits).toEqual(['room', 'full'])
    let length = 0
    for (let read = await reader.read(); !read.done; read = await reader.read()) length += read.value.length
    expect(length).toBe(4 * chunk.length)
    expect(seen).toEqual({ closed: 1, finished: [[]] })
  })

  test('is not opened for an answer without one', async () => {
    const never = (): Iterable<Chunk> => ({ [Symbol.iterator]: () => expect.unreachable('it was opened') })
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 205],
      ['GET', 304],
    ] as const) {
      const { get, seen } = giving(never, PLAIN, status)
      const response = await get({ method })
      expect([response.status, response.body]).toEqual([status, null])
      expect(response.headers.get('content-length')).toBe(status === 205 ? '0' : null)
      expect(seen).toEqual({ closed: 1, finished: [[]] })
    }
  })

  test('of HEAD is counted where it is at hand, and not derived from nothing', async () => {
    const head = { method: 'HEAD' }
    expect((await giving(() => 'text').get(head)).headers.get('content-length')).toBe('4')
    expect((await giving(() => null).get(head)).headers.get('content-length')).toBeNull()
    expect((await giving(() => null, [], 304).get()).headers.get('content-length')).toBeNull()
  })

  test('that starts the response when it is pulled is pulled once for HEAD', async () => {
    let pulled = 0
    let closed = 0
    const app: Application = (_, startResponse) => {
      function* body() {
        startResponse(200, ['x-late', 'yes'])
        for (;;) yield `${++pulled}`
      }
      return Object.assign(body(), { close: () => void closed++ })
    }
    const response = await handlerOf(app).get({ method: 'HEAD' })
    expect(response.headers.get('x-late')).toBe('yes')
    expect(response.body).toBeNull()
    expect([pulled, closed]).toEqual([1, 1])
  })

  test('that writes for HEAD is stopped at its first write', async () => {
    const writes = Promise.withResolvers<unknown>()
    const app: Application = (_, startResponse) => async (out) => {
      startResponse(200, PLAIN)
      await turn()
      await Promise.resolve(out.write('first')).catch(writes.resolve)
    }
    expect((await handlerOf(app).get({ method: 'HEAD' })).status).toBe(200)
    expect(await writes.promise).toBeInstanceOf(Error)
  })
})

describe('the head', () => {
  test('goes out at a flush, before there is a chunk', async () => {
    const go = Promise.withResolvers<void>()
    const generator = giving(async function* late(environ: Environ) {
      environ.server.flush()
      await go.promise
      yield 'late'
    })
    const writer = giving(() => async (out: BodyWriter) => {
      await out.flush()
      await go.promise
      await out.write('late')
    })
    const responses = [await generator.get(), await writer.get()]
    go.resolve()
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual(['late', 'late'])
  })

  test('is replaced by a later one with an error, until it is sent', async () => {
    const { get } = handlerOf((_, startResponse) => {
      startResponse(200, PLAIN)
      expect(() => startResponse(200, PLAIN)).toThrow('called twice')
      startResponse(503, ['x-replaced', 'yes'], undefined)
      return 'sorry'
    })
    const response = await get()
    expect([response.status, response.headers.get('x-replaced')]).toEqual([503, 'yes'])
    expect(response.headers.get('content-type')).toBeNull()
  })

  test('cannot be replaced any more when it was sent', async () => {
    const error = new Error('too late')
    const app: Application = function late(_, startResponse) {
      startResponse(200, PLAIN)
      return (function* body() {
        yield 'one'
        expect(() => startResponse(500, [], error)).toThrow(error)
        yield 'two'
      })()
    }
    expect(await (await handlerOf(app).get()).text()).toBe('onetwo')
  })

  test.each<[string, number, HeaderList]>([
    ['an informational status', 103, []],
    ['a status that is none', 600, []],
    ['an odd list', 200, ['content-type']],
    ['a name in capitals', 200, ['Content-Type', 'text/plain']],
    ['a name that is no token', 200, ['a b', 'c']],
    ['a value with a line break', 200, ['a', 'b\r\nc: d']],
    ['a field of the connection', 200, ['transfer-encoding', 'chunked']],
    ['another field of the connection', 200, ['connection', 'keep-alive']],
  ])('of %s is refused', async (_, status, fields) => {
    const { get, log } = giving(() => 'body', fields, status)
    expect((await get()).status).toBe(500)
    expect(log).toHaveLength(1)
  })

  test('may close the connection', async () => {
    expect((await giving(() => 'body', ['connection', 'close']).get()).status).toBe(200)
    expect((await giving(() => 'body', ['upgrade', 'h2c'], 426).get()).status).toBe(426)
  })
})

describe('an application that fails', () => {
  test('before the head is answered 500, and the error logged with its line', async () => {
    const failing: unknown[] = [
      function sync() {
        throw new Error('told to fail')
      },
      async function rejecting() {
        throw new Error('told to fail')
      },
      () =>
        (function* generator(): Iterable<Chunk> {
          yield ''
          throw new Error('told to fail')
        })(),
      () => () => Promise.reject(new Error('told to fail')),
    ]
    for (const app of failing) {
      const { get, log } = handlerOf(app as Application)
      const response = await get()
      expect(response.status).toBe(500)
      expect(await response.text()).toBe('500 Internal Server Error\n')
      expect(log.join('')).toMatch(/told to fail[\s\S]*to-fetch\.test\.ts:\d+/)
    }
  })

  test('after the head breaks the stream off, closed once', async () => {
    const error = new Error('told to fail')
    const makes = [
      function* generator() {
        yield 'one'
        throw error
      },
      () => async (out: BodyWriter) => {
        await out.write('one')
        throw error
      },
    ]
    for (const make of makes) {
      const { get, seen, log } = giving(make)
      const response = await get()
      expect(response.status).toBe(200)
      await expect(response.text()).rejects.toBe(error)
      expect(seen).toEqual({ closed: 1, finished: [[error]] })
      expect(log).toHaveLength(1)
    }
  })

  test('to start the response is answered 500', async () => {
    for (const body of [null, 'text', [], [].values(), () => undefined]) {
      const { get, log } = handlerOf(() => body as Body)
      expect((await get()).status).toBe(500)
      expect(log.join('')).toMatch(/expected startResponse before/)
    }
  })

  test('to keep its declared length is answered 500, or broken off', async () => {
    const whole = giving(() => 'four', ['content-length', '5'])
    expect((await whole.get()).status).toBe(500)
    const short = giving(() => ['four'].values(), ['content-length', '5'])
    await expect((await short.get()).text()).rejects.toThrow('1 bytes shorter')
    const long = giving(() => ['four', 'more'].values(), ['content-length', '5'])
    const reader = ((await long.get()).body as ReadableStream<Uint8Array>).getReader()
    expect(text((await reader.read()).value)).toBe('four')
    await expect(reader.read()).rejects.toThrow('exceeds the declared content-length')
    expect([short.seen.closed, long.seen.closed]).toEqual([1, 1])
    const swallowed = giving(
      () => (out: BodyWriter) => {
        try {
          void out.write('too much')
        } catch {
          void out.write('')
        }
      },
      ['content-length', '5'],
    )
    expect((await swallowed.get()).status).toBe(500)
    expect(await (await giving(() => ['four', 'm'].values(), ['content-length', '5']).get()).text()).toBe('fourm')
  })

  test('in its close or its onFinish is only logged', async () => {
    const { get, log } = handlerOf((environ, startResponse) => {
      environ.server.onFinish(() => {
        throw new Error('in onFinish')
      })
      startResponse(200, PLAIN)
      const close = () => Promise.reject(new Error('in close'))
      return Object.assign(['body'].values(), { close })
    })
    expect(await (await get()).text()).toBe('body')
    expect(log.join('')).toMatch(/in close[\s\S]*in onFinish/)
  })
})

describe('a host that stops reading', () => {
  test('ends a generator, closed once, and aborts the signal', async () => {
    let signal: AbortSignal | undefined
    let returned = 0
    const { get, seen } = giving(function* body(environ: Environ) {
      signal = environ.server.signal
      try {
        for (;;) yield 'more'
      } finally {
        returned++
      }
    })
    const reader = ((await get()).body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    const reason = new Error('no more')
    await reader.cancel(reason)
    expect(signal?.aborted).toBe(true)
    expect(returned).toBe(1)
    expect(seen.closed).toBe(1)
    expect(seen.finished).toMatchObject([[{ code: 'TSGI_ERR_CLIENT_GONE', cause: reason }]])
  })

  test('ends one that is silent, without waiting for it', async () => {
    const { get, seen } = giving(async function* silent(environ: Environ) {
      environ.server.flush()
      await new Promise(() => undefined)
      yield 'never'
    })
    await (await get()).body?.cancel()
    expect(seen.closed).toBe(1)
    expect(seen.finished).toHaveLength(1)
  })

  test('rejects the writes of a function', async () => {
    const rejected = Promise.withResolvers<unknown>()
    const { get, seen } = giving(() => async (out: BodyWriter) => {
      try {
        for (;;) await out.write(new Uint8Array(100_000))
      } catch (error) {
        rejected.resolve(error)
        void out.write('ignored, and no unhandled rejection')
      }
    })
    const reader = ((await get()).body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await reader.cancel()
    expect(await rejected.promise).toBeInstanceOf(Error)
    expect(seen.closed).toBe(1)
  })

  test('leaves no unhandled rejection to a function that does not wait for its writes', async () => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', listen)
    const { get } = giving(() => async (out: BodyWriter) => {
      void out.write(new Uint8Array(200_000))
      void out.write(new Uint8Array(200_000))
      await new Promise(() => undefined)
    })
    await (await get()).body?.cancel()
    await turn()
    process.off('unhandledRejection', listen)
    expect(unhandled).toEqual([])
  })

  test('while the body is being closed, does not close it again', async () => {
    const closing = Promise.withResolvers<void>()
    let closed = 0
    const finished: unknown[] = []
    const { get } = handlerOf((environ, startResponse) => {
      environ.server.onFinish((error) => void finished.push(error))
      startResponse(200, PLAIN)
      const close = () => {
        closed++
        return closing.promise
      }
      return Object.assign(['all'].values(), { close })
    })
    const reader = ((await get()).body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    void reader.read()
    await turn()
    expect(closed).toBe(1)
    void reader.cancel()
    closing.resolve()
    await turn()
    expect(closed).toBe(1)
    expect(finished).toHaveLength(1)
  })

  test('by its signal, before there is an answer, closes the body that comes late', async () => {
    const host = new AbortController()
    let opened = false
    let closed = 0
    const app: Application = async (environ, startResponse) => {
      host.abort(new Error('gone'))
      expect(environ.server.signal.aborted).toBe(true)
      startResponse(200, PLAIN)
      const body = (function* late() {
        opened = true
        yield 'late'
      })()
      return Object.assign(body, { close: () => void closed++ })
    }
    const { handler } = handlerOf(app)
    await handler(new Request('http://localhost/', { signal: host.signal }))
    expect([opened, closed]).toEqual([false, 1])
  })

  test('names the reason of its signal AbortError, whatever the host says, and takes a stop for it for no failure', async () => {
    const host = new AbortController()
    const reasons: unknown[] = []
    const app: Application = async (environ) => {
      const { signal } = environ.server
      host.abort(new Error('gone'))
      reasons.push(signal.reason)
      throw signal.reason
    }
    const { handler, log } = handlerOf(app)
    const response = await handler(new Request('http://localhost/', { signal: host.signal }))
    expect(reasons).toMatchObject([{ name: 'AbortError', cause: { message: 'gone' } }])
    expect(response.status).toBe(499)
    expect(log).toEqual([])
  })

  test('aborts the signal of an unfinished response only', async () => {
    const host = new AbortController()
    const signals: AbortSignal[] = []
    const { handler } = handlerOf((environ, startResponse) => {
      signals.push(environ.server.signal)
      startResponse(200, PLAIN)
      return 'whole'
    })
    await handler(new Request('http://localhost/', { signal: host.signal }))
    host.abort()
    expect(signals[0]?.aborted).toBe(false)
  })
})

describe('the lifespan', () => {
  test('starts the application before its first request, once, and again after a failure', async () => {
    const calls: string[] = []
    const app: Application = (_, startResponse) => {
      calls.push('request')
      startResponse(204, [])
      return null
    }
    let failing = true
    app.startup = async () => {
      calls.push('startup')
      if (failing) throw new Error('not yet')
    }
    app.shutdown = async () => void calls.push('shutdown')
    const { get, handler } = handlerOf(app)
    expect((await get()).status).toBe(500)
    failing = false
    expect((await Promise.all([get(), get()])).map(({ status }) => status)).toEqual([204, 204])
    await handler.shutdown()
    expect(calls).toEqual(['startup', 'startup', 'request', 'request', 'shutdown'])
  })

  test('lets the host wait for the end of a response', async () => {
    const waited: Promise<unknown>[] = []
    const { handler, seen } = giving(() => ['body'].values())
    const context = { waitUntil: (promise: Promise<unknown>) => void waited.push(promise) }
    const response = await handler(new Request('http://localhost/'), undefined, context)
    expect(waited).toHaveLength(1)
    expect(seen.finished).toEqual([])
    await response.text()
    await waited[0]
    expect(seen.finished).toEqual([[]])
  })

  test('tells a late listener at once', async () => {
    let environ: Environ | undefined
    const { get } = giving((given) => {
      environ = given
      return 'body'
    })
    await get()
    let told = false
    environ?.server.onFinish(() => void (told = true))
    expect(told).toBe(true)
  })
})

test('answers 400 where the host has no URL for a request', async () => {
  const { handler } = handlerOf(() => 'unreachable')
  // As Bun gives it for `Host: a, b`.
  const response = await handler(Object.defineProperty(new Request('http://localhost/'), 'url', { value: '/' }))
  expect(response.status).toBe(400)
})
