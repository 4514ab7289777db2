/** The exercises in h3. */
import { fromFetch } from '@tsgi/adapter-fetch/from-fetch'
import type { Application } from '@tsgi/spec'
import {
  createEventStream,
  getQuery,
  getRouterParam,
  H3,
  noContent,
  parseCookies,
  readBody,
  redirect,
  setCookie,
} from 'h3'
import * as material from './material.ts'

const PLAIN = { 'content-type': 'text/plain; charset=utf-8' }

export default function exercises(observe: material.Observe): Application {
  const app = new H3({ silent: true })
  const text = (content: string, init: ResponseInit = {}): Response =>
    new Response(content, { headers: PLAIN, ...init })
  app.get('/text', () => text(material.HELLO))
  // By method: `all` would come before the HEAD that `get` answers.
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    app.on(method, '/text', () =>
      text('method not allowed', { status: 405, headers: { ...PLAIN, allow: 'GET, HEAD' } }),
    )
  }
  app.get('/json', () => ({ message: 'Hello, World!' }))
  app.get('/greet/:name', (event) => text(`Hello, ${decodeURIComponent(getRouterParam(event, 'name') as string)}!`))
  app.get('/query', (event) => ({ q: getQuery(event)['q'] }))
  app.get('/query/all', (event) => getQuery(event)['tag'])
  app.get('/field', (event) => ({ value: event.req.headers.get('x-tag') }))
  app.get('/cookies', (event) => ({ ...parseCookies(event) }))
  app.get('/cookies/set', (event) => {
    setCookie(event, 'a', '1')
    setCookie(event, 'b', '2')
    return 'set'
  })
  app.post('/form', (event) => readBody(event))
  app.post('/multipart', async (event) => {
    const form = await event.req.formData()
    const file = form.get('file') as File
    const bytes = new Uint8Array(await file.arrayBuffer())
    return { title: form.get('title'), filename: file.name, size: bytes.length, sum: material.sumOf(bytes) }
  })
  app.post('/upload', async (event) => ({ bytes: await material.count(event.req.body as ReadableStream<Uint8Array>) }))
  app.post('/refuse', async (event) => {
    await material.count(event.req.body as ReadableStream<Uint8Array>, material.ENOUGH)
    return text('too much', { status: 413 })
  })
  app.post('/early', () => text('no', { status: 403 }))
  app.post('/echo', async (event) => {
    const content = await event.req.arrayBuffer()
    return new Response(content, { headers: { 'content-type': 'application/octet-stream' } })
  })
  app.get('/stream', () => new Response(material.webStream(material.lines()), { headers: PLAIN }))
  app.get('/download', () => new Response(material.webStream(material.pieces())))
  app.get('/events', (event) => {
    const stream = createEventStream(event)
    void (async () => {
      for await (const number of material.numbers()) await stream.push(String(number))
      await stream.close()
    })()
    return stream.send()
  })
  app.delete('/item', () => noContent())
  app.get('/cached', (event) => {
    const headers = { ...PLAIN, etag: '"v1"' }
    return event.req.headers.get('if-none-match') === '"v1"'
      ? new Response(null, { status: 304, headers: { etag: '"v1"' } })
      : new Response('cached', { headers })
  })
  app.get('/old', () => redirect('/text', 303))
  app.get('/error', () => {
    throw new Error('secret')
  })
  app.get('/error/late', () => new Response(material.webStream(material.partial()), { headers: PLAIN }))
  app.get('/hang', (event) => {
    const left = (): void => observe(event.url.searchParams.get('case') ?? '', 'left')
    return new Response(material.webStream(material.waiting(event.req.signal, left)), { headers: PLAIN })
  })
  app.get('/link', () => text('/text'))
  app.get('/large', () => text('large', { headers: { ...PLAIN, 'x-large': material.LARGE } }))
  app.get('/slow', async (event) => {
    await material.pause(Number(event.url.searchParams.get('ms')))
    return text('slow')
  })
  return fromFetch(app)
}
