import { afterAll, beforeAll, expect, test } from 'vitest'
import { onEveryServer, type ServedApp } from './served-app.ts'

onEveryServer('an h3 app', 'h3', (start) => {
  let server: ServedApp
  let get: (path: string, init?: RequestInit) => Promise<Response>

  beforeAll(async () => {
    server = await start()
    get = (path, init) => fetch(server.url + path, { redirect: 'manual', ...init })
  }, 30_000)
  afterAll(() => server[Symbol.asyncDispose]())

  test('answers text and JSON, with its middleware', async () => {
    const text = await get('/')
    expect(text.headers.get('x-middleware')).toBe('ran')
    expect(text.headers.get('content-length')).toBe('13')
    expect(await text.text()).toBe('Hello, World!')
    const json = await get('/json')
    expect(json.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await json.json()).toEqual({ message: 'Hello' })
  })

  test('sees parameters, query, URL and the client', async () => {
    expect(await (await get('/hello/ann')).text()).toBe('Hello, ann')
    expect(await (await get('/query?a=1&b=x%20y')).json()).toEqual({ a: '1', b: 'x y' })
    expect(await (await get('/url?a=1')).text()).toBe(`${server.url}/url?a=1`)
    expect(await (await get('/ip')).json()).toEqual({ request: '127.0.0.1', helper: '127.0.0.1', runtime: 'tsgi' })
  })

  test('reads bodies', async () => {
    const headers = { 'content-type': 'application/json' }
    const json = await get('/json', { method: 'POST', headers, body: '{"a":1}' })
    expect(await json.json()).toEqual({ got: { a: 1 } })
    expect(await (await get('/text', { method: 'POST', body: 'grüße' })).text()).toBe('grüße')
    const form = new FormData()
    form.set('text', 'words')
    form.set('file', new File(['contents'], 'note.txt'))
    expect(await (await get('/form', { method: 'POST', body: form })).json()).toEqual({
      text: 'words',
      file: 'note.txt contents',
    })
  })

  test('reads a cookie and sets several', async () => {
    const response = await get('/cookies', { headers: { cookie: 'x=y' } })
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/; HttpOnly'])
    expect(await response.text()).toBe('y')
  })

  test('streams, and sends events', async () => {
    expect(await (await get('/stream')).text()).toBe('one two')
    const events = await get('/events')
    expect(events.headers.get('content-type')).toBe('text/event-stream')
    expect(await events.text()).toBe('data: 1\n\ndata: 2\n\n')
  })

  test('disposes of what belongs to a request', async () => {
    await (await get('/disposed')).text()
    expect(server.notes()).toEqual(['disposed'])
  })

  test('mounts apps, redirects, and answers HEAD and its own errors', async () => {
    expect(await (await get('/admin')).text()).toContain('admin at')
    expect((await get('/moved')).headers.get('location')).toBe('/')
    const head = await get('/', { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    expect((await get('/teapot')).status).toBe(418)
    expect((await get('/fails')).status).toBe(500)
    expect((await get('/missing')).status).toBe(404)
  })
})
