/** All workloads in Express, as its documentation writes them. */
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Eta } from 'eta'
import express, { type Express } from 'express'
import { GREETING, randomId, ROUTES, rowCount, STREAM_CHUNKS, streamChunk, withAdded } from '../data/content.ts'
import { benchFolder, TEMPLATES } from '../data/places.ts'
import { receive } from '../data/received.ts'
import { openStore } from '../data/store.ts'

const store = await openStore()
const eta = new Eta({ views: TEMPLATES, cache: true })
const app: Express = express()

app.get('/plaintext', (_request, response) => {
  response.type('text/plain').send(GREETING)
})
app.get('/json', (_request, response) => {
  response.json({ message: GREETING })
})
for (let route = 0; route < ROUTES; route++) {
  app.get(`/r${route}/:id`, (request, response) => {
    response.type('text/plain').send(`r${route}:${request.params.id}`)
  })
}
app.get('/db', async (_request, response) => {
  response.json(await store.world(randomId()))
})
app.get('/queries', async (request, response) => {
  const count = rowCount(request.query['queries'] as string | undefined)
  response.json(await Promise.all(Array.from({ length: count }, () => store.world(randomId()))))
})
app.get('/updates', async (request, response) => {
  response.json(await store.update(rowCount(request.query['queries'] as string | undefined)))
})
app.get('/fortunes', async (_request, response) => {
  response.send(eta.render('fortunes', { fortunes: withAdded(await store.fortunes()) }))
})
app.post('/upload', async (request, response) => {
  response.json(await receive(request, request.get('x-crc') !== undefined))
})
app.get('/stream', (_request, response) => {
  Readable.from(chunks()).pipe(response.type('text/plain'))
})
app.use('/files', express.static(join(benchFolder(), 'files')))

function* chunks(): Generator<string> {
  for (let at = 0; at < STREAM_CHUNKS; at++) yield streamChunk(at)
}

export default app
