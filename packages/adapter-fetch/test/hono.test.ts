import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onEveryServer, type ServedApp } from './served-app.ts'

onEveryServer('a Hono app', 'hono', (start) => {
  let server: ServedApp
  let get: (path: string, init?: RequestInit) => Promise<Response>

  beforeAll(async () => {
    server = await start()
    get = (path, init) => fetch(server.url + path, { redirect: 'manual', ...init })
  }, 30_000)
  afterAll(() => server[Symbol.asyncDispose]())

  test('answers text with its length and type', async () => {
    const response = await get('/')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain;\s?charset=utf-8$/i)
    expect(response.headers.get('content-length')).toBe('13')
    expect(await response.text()).toBe('Hello, World!')
  })

  test('answers JSON, also from an async handler, and with a status and fields of its own', async () => {
    const json = await get('/json')
    expect(json.headers.get('content-type')).toBe('application/json')
    expect(await json.json()).toEqual({ message: 'Hello' })
    const later = await get('/later')
    expect(later.headers.get('content-length')).toBe('5')
    expect(await later.text()).toBe('later')
    const created = await get('/created')
    expect(created.status).toBe(201)
    expect(created.headers.get('x-made')).toBe('yes')
    expect(created.headers.get('content-type')).toBe('text/x-made')
  })

  test('renders JSX, escaped', async () => {
    const response = await get('/hello/%3Cscript%3E')
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
    expect(await response.text()).toContain('<h1>Hello, &lt;script&gt;</h1>')
  })

  test('redirects, answers 204 without a body, and 404 where there is no route', async () => {
    const moved = await get('/moved')
    expect(moved.status).toBe(302)
    expect(moved.headers.get('location')).toBe('/')
    expect((await get('/nothing')).status).toBe(204)
    const missing = await get('/missing')
    expect(missing.status).toBe(404)
    expect(await missing.text()).toBe('404 Not Found')
  })

  test('sees the URL as it was sent, and the query', async () => {
    const url = await get('/url?a=1&b=%20')
    expect(await url.text()).toBe(`${server.url}/url?a=1&b=%20`)
    expect(await (await get('/query?a=1&a=2&b=x%20y')).json()).toEqual({ a: ['1', '2'], b: ['x y'] })
  })

  test('sees the fields', async () => {
    const seen = (await (await get('/headers', { headers: { 'X-One': '1' } })).json()) as Record<string, string>
    expect(seen['x-one']).toBe('1')
    expect(seen['host']).toBe(`127.0.0.1:${server.port}`)
  })

  test('learns the client from the connection-info helper of @hono/node-server', async () => {
    const remote = (await (await get('/client')).json()) as { port: number }
    expect(remote).toEqual({ address: '127.0.0.1', port: remote.port, addressType: 'IPv4' })
    expect(remote.port).toBeGreaterThan(0)
  })

  test('sends early hints by the middleware of @hono/node-server', async () => {
    const hints: unknown[] = []
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${server.url}/hinted`, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.on('information', (info) => void hints.push([info.statusCode, info.headers['link']]))
      sent.on('error', reject)
      sent.end()
    })
    expect(status).toBe(200)
    expect(hints).toEqual([[103, '</style.css>; rel=preload; as=style']])
  })

  test('answers HEAD as GET without the body', async () => {
    const response = await get('/', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await response.text()).toBe('')
  })

  test('reads cookies and sets several', async () => {
    const seen = await get('/cookies', { headers: { cookie: 'x=1; y=a%20b' } })
    expect(await seen.json()).toEqual({ x: '1', y: 'a b' })
    const set = await get('/cookies', { method: 'POST' })
    expect(set.headers.getSetCookie()).toEqual([
      'a=1; Path=/; HttpOnly',
      'b=two%2C%20three; Path=/',
      'c=; Max-Age=0; Path=/',
    ])
  })

  describe('reads a body', () => {
    const post = (path: string, body: string | Uint8Array<ArrayBuffer> | FormData, init?: RequestInit) =>
      get(path, { method: 'POST', body, ...init })

    test('as text, JSON, bytes and as a stream', async () => {
      expect(await (await post('/echo/text', 'grüße')).text()).toBe('grüße')
      expect(await (await post('/echo/json', '{"a":[1]}')).json()).toEqual({ a: [1] })
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i)
      expect(await (await post('/echo/bytes', bytes)).bytes()).toEqual(bytes)
      expect(await (await post('/echo/stream', bytes)).bytes()).toEqual(bytes)
      expect(await (await post('/echo/text', '')).text()).toBe('')
    })

    test('that comes in chunks without a length', async () => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const part of ['in ', 'three ', 'parts']) controller.enqueue(new TextEncoder().encode(part))
          controller.close()
        },
      })
      const response = await get('/echo/text', { method: 'POST', body, duplex: 'half' })
      expect(await response.text()).toBe('in three parts')
    })

    test('as a form with a file', async () => {
      const form = new FormData()
      form.set('text', 'words')
      form.append('tags', 'a')
      form.append('tags', 'b')
      form.set('file', new File(['contents'], 'note.md', { type: 'text/markdown' }))
      expect(await (await post('/form', form)).json()).toEqual({
        text: 'words',
        file: 'note.md text/markdown contents',
        tags: ['a', 'b'],
      })
    })

    test('up to a limit, whether it was announced or not', async () => {
      expect(await (await post('/limited', 'x'.repeat(1000))).text()).toBe('1000 characters')
      expect((await post('/limited', 'x'.repeat(2000))).status).toBe(413)
      const chunked = (size: number) =>
        get('/limited', { method: 'POST', body: new Blob(['x'.repeat(size)]).stream(), duplex: 'half' })
      expect(await (await chunked(1000)).text()).toBe('1000 characters')
      const refused = await chunked(2000)
      expect(refused.status).toBe(413)
      expect(await refused.text()).toBe('too large')
    })
  })

  describe('streams', () => {
    test('bytes and text', async () => {
      expect(await (await get('/stream')).text()).toBe('one two')
      const text = await get('/stream/text')
      expect(text.headers.get('transfer-encoding')).toBe('chunked')
      expect(await text.text()).toBe('first\nsecond\n')
    })

    test('events', async () => {
      const response = await get('/stream/events')
      expect(response.headers.get('content-type')).toBe('text/event-stream')
      expect(await response.text()).toBe(
        [1, 2, 3].map((id) => `event: tick\ndata: number ${id}\nid: ${id}\n\n`).join(''),
      )
    })
  })

  describe('with its own middleware', () => {
    test('logger: logs what was asked and answered', async () => {
      const before = server.notes().length
      await get('/json')
      const lines = server.notes().slice(before)
      expect(lines[0]).toContain('GET /json')
      expect(lines[1]).toMatch(/GET \/json .*200/)
    })

    test('cors: adds its fields and answers the preflight', async () => {
      const response = await get('/api/data', { headers: { origin: 'https://example.org' } })
      expect(response.headers.get('access-control-allow-origin')).toBe('https://example.org')
      expect(response.headers.get('access-control-allow-credentials')).toBe('true')
      expect(response.headers.get('content-length')).toBe('13')
      expect(await response.json()).toEqual({ data: true })
      const preflight = await get('/api/data', {
        method: 'OPTIONS',
        headers: { origin: 'https://example.org', 'access-control-request-method': 'PUT' },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT')
    })

    test('etag: gives a tag and answers 304 to it', async () => {
      const response = await get('/etag/page')
      const tag = response.headers.get('etag') as string
      expect(tag).toMatch(/^"[0-9a-f]{40}"$/)
      expect(response.headers.get('content-length')).toBe('17')
      expect(await response.text()).toBe('a page with a tag')
      const again = await get('/etag/page', { headers: { 'if-none-match': tag } })
      expect(again.status).toBe(304)
      expect(again.headers.get('etag')).toBe(tag)
    })

    test('secure headers: adds them', async () => {
      const response = await get('/secure/page')
      expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(await response.text()).toBe('safe')
    })

    test('basic auth: lets in only who knows the word', async () => {
      const refused = await get('/auth/page')
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toContain('Basic')
      const headers = { authorization: `Basic ${btoa('ann:secret')}` }
      expect(await (await get('/auth/page', { headers })).text()).toBe('come in')
    })

    test('method override: takes the method from a field, with a body and without', async () => {
      const override = (method: string, body?: string) =>
        get('/overridden', { method: 'POST', headers: { 'x-http-method-override': method }, body: body ?? null })
      expect(await (await override('PUT', 'it')).text()).toBe('put it')
      expect(await (await override('PUT')).text()).toBe('put ')
      expect(await (await override('DELETE')).text()).toBe('deleted')
    })

    test('timeout: answers 504', async () => {
      expect((await get('/slow')).status).toBe(504)
    })

    test('compress: compresses, and drops the length', async () => {
      const sent = await new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
        request(`${server.url}/compressed`, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => void chunks.push(chunk))
          response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }))
        })
          .on('error', reject)
          .end()
      })
      expect(sent.headers['content-encoding']).toBe('gzip')
      expect(sent.headers['content-length']).toBeUndefined()
      expect(sent.body.length).toBeLessThan(500)
      expect(gunzipSync(sent.body).toString()).toBe('squeeze me '.repeat(500))
    })
  })

  test('handles its own errors', async () => {
    const teapot = await get('/teapot')
    expect(teapot.status).toBe(418)
    expect(await teapot.text()).toBe('short and stout')
  })
})
