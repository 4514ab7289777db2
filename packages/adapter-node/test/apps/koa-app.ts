/** A Koa application as people write them: TSGI is unknown to it. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { PassThrough, Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import { bodyParser } from '@koa/bodyparser'
import Koa, { type Context } from 'koa'
import { files } from './express-app.ts'

type Handler = (ctx: Context) => unknown

export function koaApp(): Koa {
  const app = new Koa({ proxy: true, keys: ['key'] })
  // What was reported is asked for by a later request.
  const errors: string[] = []
  app.on('error', (error: Error) => errors.push(error.message))

  const routes: Readonly<Record<string, Handler>> = {
    'GET /': (ctx) => (ctx.body = 'Hello'),
    'GET /html': (ctx) => (ctx.body = '<p>é</p>'),
    'GET /object': (ctx) => (ctx.body = { hello: ['world', 1] }),
    'GET /buffer': (ctx) => (ctx.body = Buffer.from([0, 255])),
    'GET /null': (ctx) => (ctx.body = null),
    'GET /blob': (ctx) => (ctx.body = new Blob(['a blob'])),
    'GET /web-stream': (ctx) => (ctx.body = new Response('a web stream').body),
    'GET /response': (ctx) => (ctx.body = new Response('a Response', { status: 203, headers: { 'x-a': '1' } })),
    'GET /no-body': (ctx) => (ctx.status = 200),
    'GET /created': (ctx) => {
      ctx.status = 201
      ctx.message = 'Made'
      ctx.body = 'made'
    },
    'GET /no-content': (ctx) => (ctx.status = 204),
    'GET /not-modified': (ctx) => (ctx.status = 304),
    'GET /reset': (ctx) => (ctx.status = 205),
    'GET /redirect': (ctx) => ctx.redirect('/elsewhere?a=b c'),
    'GET /back': (ctx) => ctx.back('/fallback'),
    'GET /fields': (ctx) => {
      ctx.set({ 'X-A': '1', 'X-B': ['2', '3'] })
      ctx.append('Link', ['<a>', '<b>'])
      ctx.vary('Accept')
      ctx.type = 'png'
      ctx.attachment('é.png')
      ctx.remove('X-None')
      ctx.body = 'fields'
    },
    'GET /cookies': (ctx) => {
      ctx.cookies.set('plain', 'a')
      ctx.cookies.set('signed', 'b', { signed: true, httpOnly: true })
      ctx.body = ctx.cookies.get('sent') ?? 'none'
    },
    'GET /who': (ctx) =>
      (ctx.body = [ctx.ip, ctx.ips, ctx.protocol, ctx.secure, ctx.host, ctx.hostname, ctx.subdomains, ctx.href]),
    'GET /query': (ctx) => (ctx.body = { ...ctx.query, search: ctx.search, path: ctx.path, url: ctx.originalUrl }),
    'GET /accepts': (ctx) => (ctx.body = [ctx.accepts('html', 'json'), ctx.acceptsEncodings('gzip'), ctx.is('json')]),
    'GET /fresh': (ctx) => {
      ctx.etag = 'abc'
      ctx.body = 'fresh'
      if (ctx.fresh) ctx.status = 304
    },
    'GET /stream': (ctx) => (ctx.body = Readable.from(['a', 'b', 'c'])),
    'GET /slow-stream': (ctx) => {
      const stream = new PassThrough()
      ctx.type = 'text'
      ctx.body = stream
      stream.write('first ')
      setImmediate(() => stream.end('second'))
    },
    'GET /file': async (ctx) => {
      const file = `${files}digits.txt`
      ctx.length = (await stat(file)).size
      ctx.type = 'txt'
      ctx.body = createReadStream(file)
    },
    'GET /big-file': (ctx) => (ctx.body = createReadStream(`${files}big.txt`)),
    'GET /missing-file': (ctx) => (ctx.body = createReadStream(`${files}none.txt`)),
    'GET /gzip': (ctx) => {
      ctx.set('Content-Encoding', 'gzip')
      ctx.body = Readable.from(['compress me, please. '.repeat(100)]).pipe(createGzip())
    },
    'GET /slow': async (ctx) => {
      await delay(5)
      ctx.body = 'slow'
    },
    'GET /throws': () => {
      throw new Error('thrown')
    },
    'GET /rejects': async () => {
      await delay(1)
      throw Object.assign(new Error('late'), { code: 'ELATE' })
    },
    'GET /client-fault': (ctx) => ctx.throw(422, 'your fault', { headers: { 'X-Fault': 'yours' } }),
    'GET /assert': (ctx) => ctx.assert(ctx.query['ok'], 403, 'not allowed'),
    'GET /throws-text': () => {
      // eslint-disable-next-line no-throw-literal
      throw 'text'
    },
    'GET /stream-error': (ctx) => {
      ctx.body = new Readable({
        read() {
          this.destroy(new Error('stream failed'))
        },
      })
    },
    'GET /errors': (ctx) => (ctx.body = errors),
    'GET /own': (ctx) => {
      ctx.respond = false
      ctx.res.writeHead(202, { 'Content-Type': 'text/plain', 'Content-Length': 3 })
      ctx.res.end('own')
    },
    'GET /flush': async (ctx) => {
      ctx.type = 'text'
      ctx.status = 200
      ctx.flushHeaders()
      await delay(1)
      ctx.res.end('flushed')
    },
    'POST /body': (ctx) =>
      (ctx.body = { body: ctx.request.body, raw: ctx.request.rawBody, length: ctx.request.length }),
    'PUT /body': (ctx) => (ctx.body = ctx.request.body),
    'POST /ignored': (ctx) => (ctx.body = 'not read'),
    'POST /echo': (ctx) => {
      ctx.type = ctx.get('content-type')
      ctx.body = ctx.req
    },
    'POST /count': async (ctx) => {
      let size = 0
      for await (const chunk of ctx.req) size += (chunk as Buffer).length
      ctx.body = String(size)
    },
    'POST /refuse': (ctx) => {
      ctx.status = 413
      ctx.body = 'too large'
    },
  }

  app.use(async (ctx, next) => {
    await next()
    ctx.set('X-Middleware', 'ran')
  })
  const parse = bodyParser({ enableTypes: ['json', 'form', 'text'], jsonLimit: 1000 })
  app.use((ctx, next) => (ctx.path === '/body' ? parse(ctx, next) : next()))
  app.use(async (ctx, next) => {
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method
    const handler = routes[`${method} ${ctx.path}`]
    if (handler === undefined) await next()
    else await handler(ctx)
  })
  return app
}
