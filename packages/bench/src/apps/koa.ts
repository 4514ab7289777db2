/** All workloads in Koa with its router, as their documentation writes them. */
import { Readable } from 'node:stream'
import { Router } from '@koa/router'
import { Eta } from 'eta'
import Koa from 'koa'
import serveStatic from 'koa-static'
import { GREETING, randomId, ROUTES, rowCount, STREAM_CHUNKS, streamChunk, withAdded } from '../data/content.ts'
import { benchFolder, TEMPLATES } from '../data/places.ts'
import { receive } from '../data/received.ts'
import { openStore } from '../data/store.ts'

const store = await openStore()
const eta = new Eta({ views: TEMPLATES, cache: true })
const app: Koa = new Koa()
const router = new Router()

router.get('/plaintext', (ctx) => {
  ctx.body = GREETING
})
router.get('/json', (ctx) => {
  ctx.body = { message: GREETING }
})
for (let route = 0; route < ROUTES; route++) {
  router.get(`/r${route}/:id`, (ctx) => {
    ctx.body = `r${route}:${ctx.params['id']}`
  })
}
router.get('/db', async (ctx) => {
  ctx.body = await store.world(randomId())
})
router.get('/queries', async (ctx) => {
  const count = rowCount(ctx.query['queries'] as string | undefined)
  ctx.body = await Promise.all(Array.from({ length: count }, () => store.world(randomId())))
})
router.get('/updates', async (ctx) => {
  ctx.body = await store.update(rowCount(ctx.query['queries'] as string | undefined))
})
router.get('/fortunes', async (ctx) => {
  ctx.type = 'html'
  ctx.body = eta.render('fortunes', { fortunes: withAdded(await store.fortunes()) })
})
router.post('/upload', async (ctx) => {
  ctx.body = await receive(ctx.req, ctx.get('x-crc') !== '')
})
router.get('/stream', (ctx) => {
  ctx.type = 'text/plain'
  ctx.body = Readable.from(chunks())
})
app.use(router.routes()).use(router.allowedMethods())
// It takes requests by its root alone: the folder that holds `files` is that.
app.use(serveStatic(benchFolder()))

function* chunks(): Generator<string> {
  for (let at = 0; at < STREAM_CHUNKS; at++) yield streamChunk(at)
}

export default app
