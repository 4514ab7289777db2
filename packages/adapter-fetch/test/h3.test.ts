import {
  createEventStream,
  defineHandler,
  getCookie,
  getQuery,
  getRequestIP,
  H3,
  HTTPError,
  onDispose,
  readBody,
  setCookie,
} from 'h3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromFetch } from '../src/index.ts'
import { inBothModes, serving, type Serving } from './serving.ts'

/** An h3 app as people write them: nothing in it knows of TSGI. */
function h3App(disposed: () => void): H3 {
  const admin = new H3().get('/', (event) => `admin at ${event.url.pathname}`)
  return new H3({ silent: true })
    .use((event) => void event.res.headers.set('x-middleware', 'ran'))
    .get('/', () => 'Hello, World!')
    .get('/json', () => ({ message: 'Hello' }))
    .get('/hello/:name', (event) => `Hello, ${event.context.params?.['name']}`)
    .get('/query', (event) => getQuery(event))
    .get('/url', (event) => event.req.url)
    .get('/ip', (event) => ({ request: event.req.ip, helper: getRequestIP(event), runtime: event.runtime?.name }))
    .post('/json', async (event) => ({ got: await readBody(event) }))
    .post('/text', (event) => event.req.text())
    .post(
      '/form',
      defineHandler(async (event) => {
        const form = await event.req.formData()
        const file = form.get('file') as File
        return { text: form.get('text'), file: `${file.name} ${await file.text()}` }
      }),
    )
    .get('/cookies', (event) => {
      setCookie(event, 'a', '1')
      setCookie(event, 'b', '2', { httpOnly: true })
      return getCookie(event, 'x') ?? 'none'
    })
    .get('/stream', () => {
      const parts = ['one ', 'two']
      return new ReadableStream({
        pull(controller) {
          const part = parts.shift()
          if (part === undefined) controller.close()
          else controller.enqueue(new TextEncoder().encode(part))
        },
      })
    })
    .get('/events', (event) => {
      const events = createEventStream(event)
      void (async () => {
        for (const data of ['1', '2']) await events.push(data)
        await events.close()
      })()
      return events.send()
    })
    .get('/disposed', (event) => {
      onDispose(event, disposed)
      return new ReadableStream({ start: (controller) => controller.close() })
    })
    .get('/moved', (event) => {
      event.res.status = 302
      event.res.headers.set('location', '/')
      return ''
    })
    .get('/teapot', () => {
      throw new HTTPError({ status: 418, message: 'short and stout' })
    })
    .get('/fails', () => {
      throw new Error('told to fail')
    })
    .mount('/admin', admin)
}

inBothModes('an h3 app', (options) => {
  let server: Serving
  let disposals = 0
  let get: (path: string, init?: RequestInit) => Promise<Response>

  beforeAll(async () => {
    server = await serving(
      fromFetch(
        h3App(() => void disposals++),
        options,
      ),
    )
    get = (path, init) => fetch(server.url + path, { redirect: 'manual', ...init })
  })
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
    expect(disposals).toBe(1)
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
