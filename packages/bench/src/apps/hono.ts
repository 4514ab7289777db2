/** All workloads in Hono, as its documentation writes them. */
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { stream } from 'hono/streaming'
import { GREETING, randomId, ROUTES, rowCount, STREAM_CHUNKS, streamChunk, withAdded } from '../data/content.ts'
import { benchFolder } from '../data/places.ts'
import { receive } from '../data/received.ts'
import { openStore } from '../data/store.ts'

const store = await openStore()
const app: Hono = new Hono()

app.get('/plaintext', (c) => c.text(GREETING))
app.get('/json', (c) => c.json({ message: GREETING }))
for (let route = 0; route < ROUTES; route++) app.get(`/r${route}/:id`, (c) => c.text(`r${route}:${c.req.param('id')}`))
app.get('/db', async (c) => c.json(await store.world(randomId())))
app.get('/queries', async (c) => {
  const rows = Array.from({ length: rowCount(c.req.query('queries')) }, () => store.world(randomId()))
  return c.json(await Promise.all(rows))
})
app.get('/updates', async (c) => c.json(await store.update(rowCount(c.req.query('queries')))))
app.get('/fortunes', async (c) => {
  const rows = withAdded(await store.fortunes())
  return c.html(
    html`<!DOCTYPE html><html><head><title>Fortunes</title></head><body><table><tr><th>id</th><th>message</th></tr>${rows.map(({ id, message }) => html`<tr><td>${id}</td><td>${message}</td></tr>`)}</table></body></html>`,
  )
})
app.post('/upload', async (c) =>
  c.json(await receive(c.req.raw.body ?? new ReadableStream(), c.req.header('x-crc') !== undefined)),
)
app.get('/stream', (c) =>
  stream(c, async (out) => {
    for (let at = 0; at < STREAM_CHUNKS; at++) await out.write(streamChunk(at))
  }),
)
app.use('/files/*', serveStatic({ root: benchFolder() }))

export default app
