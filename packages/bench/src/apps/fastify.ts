/** All workloads in Fastify, as its documentation writes them. */
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fastifyStatic from '@fastify/static'
import { Eta } from 'eta'
import Fastify, { type FastifyInstance } from 'fastify'
import { GREETING, randomId, ROUTES, rowCount, STREAM_CHUNKS, streamChunk, withAdded } from '../data/content.ts'
import { benchFolder, TEMPLATES } from '../data/places.ts'
import { receive } from '../data/received.ts'
import { openStore } from '../data/store.ts'

interface Rows {
  Querystring: { queries?: string }
}

const store = await openStore()
const eta = new Eta({ views: TEMPLATES, cache: true })
const app: FastifyInstance = Fastify()

app.get('/plaintext', async (_request, reply) => reply.type('text/plain').send(GREETING))
app.get('/json', async () => ({ message: GREETING }))
for (let route = 0; route < ROUTES; route++) {
  app.get<{ Params: { id: string } }>(`/r${route}/:id`, async (request) => `r${route}:${request.params.id}`)
}
app.get('/db', async () => store.world(randomId()))
app.get<Rows>('/queries', async (request) =>
  Promise.all(Array.from({ length: rowCount(request.query.queries) }, () => store.world(randomId()))),
)
app.get<Rows>('/updates', async (request) => store.update(rowCount(request.query.queries)))
app.get('/fortunes', async (_request, reply) =>
  reply.type('text/html').send(eta.render('fortunes', { fortunes: withAdded(await store.fortunes()) })),
)
// The body as a stream, which is what the documentation gives for one that is not to be kept in memory.
app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
app.post('/upload', { bodyLimit: 16 * 1024 * 1024 }, async (request) =>
  receive(request.body as Readable, request.headers['x-crc'] !== undefined),
)
app.get('/stream', async (_request, reply) => reply.type('text/plain').send(Readable.from(chunks())))
app.register(fastifyStatic, { root: join(benchFolder(), 'files'), prefix: '/files/' })
app.addHook('onClose', async () => store.close())

function* chunks(): Generator<string> {
  for (let at = 0; at < STREAM_CHUNKS; at++) yield streamChunk(at)
}

export default app
