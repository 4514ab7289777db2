/** The exercises in Hono. */
import { type Bindings, fromFetch } from '@tsgi/adapter-fetch/from-fetch'
import type { Application } from '@tsgi/spec'
import { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { stream, streamSSE } from 'hono/streaming'
import * as material from './material.ts'

export default function exercises(observe: material.Observe): Application {
  const app = new Hono<{ Bindings: Bindings }>({
    // What stands below the mount: a Request has the whole URL only.
    getPath: (_request, options) => (options as { readonly env: Bindings }).env.environ.pathInfo,
  })
  app.get('/text', (c) => c.text(material.HELLO))
  app.all('/text', (c) => c.text('method not allowed', 405, { allow: 'GET, HEAD' }))
  app.get('/json', (c) => c.json({ message: 'Hello, World!' }))
  app.get('/greet/:name', (c) => c.text(`Hello, ${c.req.param('name')}!`))
  app.get('/query', (c) => c.json({ q: c.req.query('q') }))
  app.get('/query/all', (c) => c.json(c.req.queries('tag')))
  app.get('/field', (c) => c.json({ value: c.req.header('x-tag') }))
  app.get('/cookies', (c) => c.json(getCookie(c)))
  app.get('/cookies/set', (c) => {
    setCookie(c, 'a', '1')
    setCookie(c, 'b', '2')
    return c.text('set')
  })
  app.post('/form', async (c) => c.json(await c.req.parseBody()))
  app.post('/multipart', async (c) => {
    const form = await c.req.parseBody()
    const file = form['file'] as File
    const bytes = new Uint8Array(await file.arrayBuffer())
    return c.json({ title: form['title'], filename: file.name, size: bytes.length, sum: material.sumOf(bytes) })
  })
  app.post('/upload', async (c) =>
    c.json({ bytes: await material.count(c.req.raw.body as ReadableStream<Uint8Array>) }),
  )
  app.post('/refuse', async (c) => {
    await material.count(c.req.raw.body as ReadableStream<Uint8Array>, material.ENOUGH)
    return c.text('too much', 413)
  })
  app.post('/early', (c) => c.text('no', 403))
  app.post('/echo', async (c) => c.body(await c.req.arrayBuffer(), 200, { 'content-type': 'application/octet-stream' }))
  app.get('/stream', (c) => {
    c.header('content-type', 'text/plain; charset=utf-8')
    return stream(c, async (out) => {
      for await (const line of material.lines()) await out.write(line)
    })
  })
  app.get('/download', (c) => c.body(material.webStream(material.pieces())))
  app.get('/events', (c) =>
    streamSSE(c, async (out) => {
      for await (const number of material.numbers()) await out.writeSSE({ data: String(number) })
    }),
  )
  app.delete('/item', (c) => c.body(null, 204))
  app.get('/cached', (c) => {
    c.header('etag', '"v1"')
    return c.req.header('if-none-match') === '"v1"' ? c.body(null, 304) : c.text('cached')
  })
  app.get('/old', (c) => c.redirect(`${c.env.environ.scriptName}/text`))
  app.get('/error', () => {
    throw new Error('secret')
  })
  app.get('/error/late', (c) => c.body(material.webStream(material.partial())))
  app.get('/hang', (c) =>
    c.body(material.webStream(material.waiting(c.req.raw.signal, () => observe(c.req.query('case') ?? '', 'left')))),
  )
  app.get('/link', (c) => c.text(`${c.env.environ.scriptName}/text`))
  app.get('/large', (c) => c.text('large', 200, { 'x-large': material.LARGE }))
  app.get('/slow', async (c) => {
    await material.pause(Number(c.req.query('ms')))
    return c.text('slow')
  })
  // Hono's own handler prints to the console; the tests want a clean one.
  app.onError((_error, c) => c.text('Internal Server Error', 500))
  return fromFetch(app)
}
