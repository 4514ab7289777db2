/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { getConnInfo } from '@hono/node-server/conninfo'
import { earlyHints } from '@hono/node-server/early-hints'
import { Hono } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { cors } from 'hono/cors'
import { etag } from 'hono/etag'
import { HTTPException } from 'hono/http-exception'
import type { FC } from 'hono/jsx'
import { logger } from 'hono/logger'
import { methodOverride } from 'hono/method-override'
import { secureHeaders } from 'hono/secure-headers'
import { stream, streamSSE, streamText } from 'hono/streaming'
import { timeout } from 'hono/timeout'

/** A Hono app as people write them: nothing in it knows of TSGI. */
export function honoApp(log: (line: string) => void) {
  const app = new Hono()

  app.use(logger(log))
  app.use('/api/*', cors({ origin: 'https://example.org', credentials: true }))
  app.use('/etag/*', etag())
  app.use('/secure/*', secureHeaders())
  app.use('/auth/*', basicAuth({ username: 'ann', password: 'secret' }))
  app.use('/limited', bodyLimit({ maxSize: 1024, onError: (c) => c.text('too large', 413) }))
  app.use('/slow', timeout(50))
  app.use('/overridden', methodOverride({ app, header: 'x-http-method-override' }))
  app.use('/compressed', compress({ threshold: 0 }))
  app.use('/hinted', earlyHints({ link: '</style.css>; rel=preload; as=style' }))

  app.get('/', (c) => c.text('Hello, World!'))
  app.get('/json', (c) => c.json({ message: 'Hello' }))
  app.get('/created', (c) => c.body('made', 201, { 'x-made': 'yes', 'content-type': 'text/x-made' }))
  app.get('/later', async (c) => c.text('later'))
  app.get('/hello/:name', (c) => c.html(<Page title={`Hello, ${c.req.param('name')}`} />))
  app.get('/moved', (c) => c.redirect('/'))
  app.get('/url', (c) => c.text(c.req.url))
  app.get('/query', (c) => c.json(c.req.queries()))
  app.get('/headers', (c) => c.json(c.req.header()))
  app.get('/client', (c) => c.json(getConnInfo(c).remote))
  app.get('/nothing', (c) => c.body(null, 204))
  app.get('/fails', () => {
    throw new Error('told to fail')
  })
  app.get('/teapot', () => {
    throw new HTTPException(418, { message: 'short and stout' })
  })

  app.get('/cookies', (c) => c.json(getCookie(c)))
  app.post('/cookies', (c) => {
    setCookie(c, 'a', '1', { httpOnly: true })
    setCookie(c, 'b', 'two, three', { path: '/' })
    deleteCookie(c, 'c')
    return c.text('set')
  })

  app.post('/echo/text', async (c) => c.text(await c.req.text()))
  app.post('/echo/json', async (c) => c.json(await c.req.json()))
  app.post('/echo/bytes', async (c) => c.body(await c.req.arrayBuffer()))
  app.post('/echo/stream', (c) => c.body(c.req.raw.body ?? ''))
  app.post('/form', async (c) => {
    const { text, file, tags } = await c.req.parseBody({ all: true })
    const described = file instanceof File ? `${file.name} ${file.type} ${await file.text()}` : 'no file'
    return c.json({ text, file: described, tags })
  })
  app.post('/limited', async (c) => c.text(`${(await c.req.text()).length} characters`))

  app.get('/stream', (c) =>
    stream(c, async (out) => {
      await out.write('one ')
      await out.write(new Uint8Array([116, 119, 111]))
    }),
  )
  app.get('/stream/text', (c) =>
    streamText(c, async (out) => {
      for (const line of ['first', 'second']) await out.writeln(line)
    }),
  )
  app.get('/stream/events', (c) =>
    streamSSE(c, async (out) => {
      for (let id = 1; id <= 3; id++) await out.writeSSE({ id: String(id), event: 'tick', data: `number ${id}` })
    }),
  )

  app.put('/overridden', async (c) => c.text(`put ${await c.req.text()}`))
  app.delete('/overridden', (c) => c.text('deleted'))

  app.get('/api/data', (c) => c.json({ data: true }))
  app.get('/etag/page', (c) => c.text('a page with a tag'))
  app.get('/secure/page', (c) => c.text('safe'))
  app.get('/auth/page', (c) => c.text('come in'))
  app.get('/slow', async (c) => {
    await new Promise((resolve) => c.req.raw.signal.addEventListener('abort', resolve))
    return c.text('never')
  })
  app.get('/compressed', (c) => c.text('squeeze me '.repeat(500)))
  app.get('/hinted', (c) => c.text('hinted'))
  return app
}

const Page: FC<{ readonly title: string }> = ({ title }) => (
  <html lang="en">
    <head>
      <title>{title}</title>
    </head>
    <body>
      <h1>{title}</h1>
    </body>
  </html>
)
