import { createServer } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Input } from '@tsgi/spec'
import { inputOf, testEnviron } from '../../test/environ.ts'
import { RequestContext, type PendingWork } from './execution-context.ts'
import { installFastGlobals, uninstallFastGlobals } from './fast-globals.ts'
import { LazyRequest } from './lazy-request.ts'
import { NativeServerRequest } from './native-request.ts'
import type { ServerRequest, ServerRequestClass } from './server-request.ts'

const NativeRequest = globalThis.Request
const POST = {
  requestMethod: 'POST',
  headers: ['host', 'localhost:3000', 'content-length', '9', 'content-type', 'text/x'],
}

describe.each<{ name: string; Class: ServerRequestClass; fast: boolean }>([
  { name: 'a genuine Request', Class: NativeServerRequest, fast: false },
  { name: 'a lazy Request', Class: LazyRequest, fast: true },
])('$name', ({ Class, fast }) => {
  beforeAll(() => (fast ? installFastGlobals() : undefined))
  afterAll(uninstallFastGlobals)

  const pending: PendingWork = new Set()
  const make = (...given: Parameters<typeof testEnviron>): ServerRequest => {
    const environ = testEnviron(...given)
    return new Class(environ, new RequestContext(environ, pending))
  }

  const withInput = (read: Input['read']): ServerRequest => {
    const environ = { ...testEnviron(POST), input: { ...inputOf([]), read } }
    return new Class(environ, new RequestContext(environ, pending))
  }

  test('has method, URL and fields, and is a Request', () => {
    const headers = ['host', 'localhost:3000', 'x-a', '1', 'x-a', '2', 'cookie', 'a=1', 'cookie', 'b=2', 'x-l', '\xe9']
    const request = make({ scriptName: '/m', pathInfo: '/p', queryString: 'q=1', headers })
    expect(request).toBeInstanceOf(Request)
    expect(request).toBeInstanceOf(NativeRequest)
    expect([request.method, request.url]).toEqual(['GET', 'http://localhost:3000/m/p?q=1'])
    expect([...request.headers]).toEqual([
      ...new Headers([
        ['host', 'localhost:3000'],
        ['x-a', '1, 2'],
        ['cookie', 'a=1; b=2'],
        ['x-l', '\xe9'],
      ]),
    ])
    expect(request.headers).toBe(request.headers)
    expect(request.headers.get('x-a')).toBe('1, 2')
    expect(Object.prototype.toString.call(request)).toBe('[object Request]')
  })

  test('has what a Request has besides', () => {
    const request = make()
    const plain = new NativeRequest('http://localhost:3000/')
    const names = [
      'cache',
      'credentials',
      'destination',
      'duplex',
      'integrity',
      'keepalive',
      'mode',
      'redirect',
      'referrer',
      'referrerPolicy',
      'isHistoryNavigation',
      'isReloadNavigation',
    ]
    for (const name of names) expect([name, Reflect.get(request, name)]).toEqual([name, Reflect.get(plain, name)])
  })

  test.each(['get', 'Delete', 'options', 'Patch', 'QUERY', 'M-SEARCH', 'POST'])(
    'writes the method %s as any Request',
    (m) => {
      expect(make({ requestMethod: m }).method).toBe(new NativeRequest('http://localhost/', { method: m }).method)
    },
  )

  test.each(['TRACE', 'TRACK', 'CONNECT'])('lets the method %s through', (method) => {
    expect(make({ requestMethod: method }).method).toBe(method)
  })

  test('has no body for GET and HEAD, for a length of 0, and without framing', async () => {
    const none = [
      make({ headers: POST.headers }),
      make({ ...POST, requestMethod: 'HEAD' }),
      make({ ...POST, headers: ['content-length', '0'] }),
      make({ ...POST, headers: [] }),
    ]
    for (const request of none) {
      expect(request.body).toBeNull()
      expect(request.bodyUsed).toBe(false)
      expect(await request.text()).toBe('')
      expect(await request.text()).toBe('')
      expect(request.bodyUsed).toBe(false)
    }
  })

  const read: [string, (request: Request) => Promise<unknown>, unknown][] = [
    ['text', (request) => request.text(), '{"a":[1]}'],
    ['json', (request) => request.json(), { a: [1] }],
    ['bytes', (request) => request.bytes(), new TextEncoder().encode('{"a":[1]}')],
    ['arrayBuffer', (request) => request.arrayBuffer(), new TextEncoder().encode('{"a":[1]}').buffer],
  ]
  test.each(read)('reads its body by %s(), once', async (_, reading, expected) => {
    for (const chunks of [['{"a":[1]}'], ['{"a"', ':', '[1]}']]) {
      const request = make(POST, chunks)
      expect(request.bodyUsed).toBe(false)
      expect(await reading(request)).toEqual(expected)
      expect(request.bodyUsed).toBe(true)
      await expect(reading(request)).rejects.toThrow(TypeError)
      expect(() => request.clone()).toThrow(TypeError)
      expect(() => new Request(request)).toThrow(TypeError)
      expect(() => new Response(request.body)).toThrow(TypeError)
    }
  })

  test('reads its body as Blob, form and text stream', async () => {
    const blob = await make(POST, ['one ', 'two']).blob()
    expect([blob.type, await blob.text()]).toEqual(['text/x', 'one two'])
    const type = 'application/x-www-form-urlencoded'
    const form = await make({ ...POST, headers: ['content-length', '7', 'content-type', type] }, ['a=1&b=2']).formData()
    expect([...form]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
    await expect(make(POST, ['a=1']).formData()).rejects.toThrow(TypeError)
    let text = ''
    for await (const chunk of make(POST, ['one ', 'two']).textStream()) text += chunk
    expect(text).toBe('one two')
  })

  test('gives bytes of their own, whatever buffer they came in', async () => {
    const part = new TextEncoder().encode('xxhixx').subarray(2, 4)
    const chunks = [part]
    const request = withInput(() => chunks.shift() ?? new Uint8Array())
    expect((await request.arrayBuffer()).byteLength).toBe(2)
  })

  test('streams its body, reading no more than is read', async () => {
    let reads = 0
    const chunk = new TextEncoder().encode('chunk')
    const request = withInput(() => (reads++ < 2 ? chunk : new Uint8Array()))
    const reader = (request.body as ReadableStream).getReader()
    await turn()
    expect(reads).toBe(0)
    await reader.read()
    await turn()
    expect(reads).toBe(1)
    expect(request.body).toBe(request.body)
    expect(request.bodyUsed).toBe(true)
    await reader.read()
    expect((await reader.read()).done).toBe(true)
  })

  test('fails its reading with what the input failed with', async () => {
    const failure = Object.assign(new Error('too large'), { status: 413 })
    const request = () => withInput(() => Promise.reject(failure))
    await expect(request().text()).rejects.toBe(failure)
    await expect((request().body as ReadableStream).getReader().read()).rejects.toBe(failure)
  })

  test('is cloned, with its body', async () => {
    const request = make({ ...POST, headers: [...POST.headers, 'x-one', '1'] }, ['one ', 'two'])
    const clone = request.clone()
    expect([clone.method, clone.url, clone.headers.get('x-one')]).toEqual(['POST', request.url, '1'])
    expect(await Promise.all([clone.text(), request.text()])).toEqual(['one two', 'one two'])
    expect(make().clone().body).toBeNull()
  })

  test('is wrapped by a new Request, with its body or another', async () => {
    const wrapped = new Request(make(POST, ['one ', 'two']))
    expect([wrapped.method, wrapped.url, wrapped.headers.get('content-type')]).toEqual([
      'POST',
      'http://localhost:3000/',
      'text/x',
    ])
    expect(await wrapped.text()).toBe('one two')
    const request = make(POST, ['one ', 'two'])
    await request.text()
    const init: RequestInit = { body: 'three', headers: { 'x-one': '1' } }
    const other = new Request(request, init)
    expect([other.method, other.headers.get('x-one'), await other.text()]).toEqual(['POST', '1', 'three'])
    const moved = new Request('http://example.org/', make(POST, ['body']))
    expect([moved.method, moved.url, await moved.text()]).toEqual(['POST', 'http://example.org/', 'body'])
    expect(new Request(make(), { method: 'PUT', body: 'x' }).method).toBe('PUT')
  })

  test('is fetched', async () => {
    const server = createServer((request, response) => void request.pipe(response)).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const request = make(
      { ...POST, headers: ['transfer-encoding', 'chunked'], serverName: '127.0.0.1', serverPort: port },
      ['one ', 'two'],
    )
    request.headers.delete('transfer-encoding')
    expect(await (await fetch(request)).text()).toBe('one two')
    server.close()
  })

  test('follows the client by its signal, which is not made before', () => {
    const environ = testEnviron()
    const request = new Class(environ, new RequestContext(environ, pending))
    const clone = request.clone()
    expect(request.signal.aborted).toBe(false)
    environ.client.abort(new Error('gone'))
    expect([request.signal.aborted, clone.signal.aborted]).toEqual([true, true])
    const lazily = testEnviron()
    Object.defineProperty(lazily.server, 'signal', { get: () => expect.unreachable('the signal was made') })
    expect(new Class(lazily, new RequestContext(lazily, pending)).method).toBe('GET')
  })

  test('says what h3 asks for', async () => {
    const request = make()
    expect([request.ip, request.runtime.name, request.runtime.tsgi.environ.requestMethod]).toEqual([
      '192.0.2.1',
      'tsgi',
      'GET',
    ])
    expect(make({ remoteAddr: null }).ip).toBeUndefined()
    const work = Promise.withResolvers<void>()
    request.waitUntil(work.promise)
    expect(pending.size).toBe(1)
    work.resolve()
    await Promise.all(pending)
    expect(pending.size).toBe(0)
  })

  test('is printed without touching its body', async () => {
    expect(inspect(make(POST))).toContain("url: 'http://localhost:3000/'")
  })
})
