/** The exercises in Koa, whose routing is left to the application. */
import { Readable } from 'node:stream'
import { fromNodeListener } from '@tsgi/adapter-node/from-node'
import { parseCookies, readUrlEncoded } from '@tsgi/http-fields'
import type { Application } from '@tsgi/spec'
import Koa, { type Context } from 'koa'
import * as material from './material.ts'
import { uploadedFile } from './multipart-stream.ts'

interface Handler {
  (ctx: Context): unknown
}

/** The prefix of a mount, as Express has it; Koa has no word for it. */
const baseUrl = (ctx: Context): string => (ctx.req as { readonly baseUrl?: string }).baseUrl ?? ''

export default function exercises(observe: material.Observe): Application {
  const routes: Readonly<Record<string, Handler>> = {
    'GET /text': (ctx) => (ctx.body = material.HELLO),
    'GET /json': (ctx) => (ctx.body = { message: 'Hello, World!' }),
    'GET /query': (ctx) => (ctx.body = { q: ctx.query['q'] }),
    'GET /query/all': (ctx) => (ctx.body = ctx.query['tag']),
    'GET /field': (ctx) => (ctx.body = { value: ctx.get('x-tag') }),
    'GET /cookies': (ctx) => (ctx.body = { ...parseCookies(ctx.get('cookie')) }),
    'GET /cookies/set'(ctx) {
      ctx.cookies.set('a', '1')
      ctx.cookies.set('b', '2')
      ctx.body = 'set'
    },
    async 'POST /form'(ctx) {
      ctx.body = Object.fromEntries(await readUrlEncoded(ctx.req))
    },
    async 'POST /multipart'(ctx) {
      ctx.body = await uploadedFile(ctx.req, ctx.get('content-type'))
    },
    async 'POST /upload'(ctx) {
      ctx.body = { bytes: await material.count(ctx.req) }
    },
    async 'POST /refuse'(ctx) {
      let bytes = 0
      await new Promise<void>((resolve) => {
        ctx.req.on('data', (part: Buffer) => {
          bytes += part.length
          if (bytes < material.ENOUGH) return
          ctx.req.pause()
          resolve()
        })
      })
      ctx.status = 413
      ctx.body = 'too much'
    },
    'POST /early'(ctx) {
      ctx.status = 403
      ctx.body = 'no'
    },
    async 'POST /echo'(ctx) {
      ctx.body = await material.collect(ctx.req)
    },
    'GET /stream'(ctx) {
      ctx.type = 'text'
      ctx.body = Readable.from(material.lines())
    },
    'GET /download': (ctx) => (ctx.body = Readable.from(material.pieces(), { objectMode: false })),
    'GET /events'(ctx) {
      ctx.type = 'text/event-stream'
      ctx.body = Readable.from(
        (async function* () {
          for await (const number of material.numbers()) yield `data: ${number}\n\n`
        })(),
      )
    },
    'DELETE /item': (ctx) => (ctx.status = 204),
    'GET /cached'(ctx) {
      ctx.status = 200
      ctx.etag = 'v1'
      if (ctx.fresh) ctx.status = 304
      else ctx.body = 'cached'
    },
    'GET /old'(ctx) {
      ctx.status = 303
      ctx.redirect(`${baseUrl(ctx)}/text`)
    },
    'GET /error'() {
      throw new Error('secret')
    },
    'GET /error/late'(ctx) {
      ctx.type = 'text'
      ctx.body = Readable.from(material.partial())
    },
    'GET /hang'(ctx) {
      ctx.type = 'text'
      ctx.respond = false
      ctx.res.statusCode = 200
      ctx.res.write('waiting')
      ctx.res.on('close', () => observe(String(ctx.query['case']), 'left'))
    },
    'GET /link': (ctx) => (ctx.body = `${baseUrl(ctx)}/text`),
    'GET /large'(ctx) {
      ctx.set('x-large', material.LARGE)
      ctx.body = 'large'
    },
    async 'GET /slow'(ctx) {
      await material.pause(Number(ctx.query['ms']))
      ctx.body = 'slow'
    },
  }

  const app = new Koa()
  app.silent = true
  app.use(async (ctx) => {
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method
    const route = routes[`${method} ${ctx.path}`]
    if (route !== undefined) await route(ctx)
    else if (/^\/greet\/[^/]+$/.test(ctx.path)) ctx.body = `Hello, ${decodeURIComponent(ctx.path.slice(7))}!`
    else if (ctx.path === '/text') {
      ctx.status = 405
      ctx.set('allow', 'GET, HEAD')
    }
  })
  return fromNodeListener(app)
}
