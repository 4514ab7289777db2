/** All workloads in @tsgi/framework-mini. */
import { join } from 'node:path'
import { html, mini, stream, type Mini } from '@tsgi/framework-mini'
import { staticFiles } from '@tsgi/static-files'
import { GREETING, randomId, ROUTES, rowCount, STREAM_CHUNKS, streamChunk, withAdded } from '../data/content.ts'
import { benchFolder } from '../data/places.ts'
import { receive } from '../data/received.ts'
import { openStore } from '../data/store.ts'

const store = await openStore()
const app: Mini = mini()

app.get('/plaintext', () => GREETING)
app.get('/json', () => ({ message: GREETING }))
for (let route = 0; route < ROUTES; route++) app.get(`/r${route}/:id`, ({ params }) => `r${route}:${params.id}`)
app.get('/db', () => store.world(randomId()))
app.get('/queries', ({ query }) =>
  Promise.all(Array.from({ length: rowCount(query.get('queries')) }, () => store.world(randomId()))),
)
app.get('/updates', ({ query }) => store.update(rowCount(query.get('queries'))))
app.get('/fortunes', async () => {
  const rows = withAdded(await store.fortunes())
  return html`<!DOCTYPE html><html><head><title>Fortunes</title></head><body><table><tr><th>id</th><th>message</th></tr>${rows.map(({ id, message }) => html`<tr><td>${id}</td><td>${message}</td></tr>`)}</table></body></html>`
})
app.post('/upload', (context) => receive(context.environ.input, context.header('x-crc') !== undefined))
app.get('/stream', () => stream(chunks(), { type: 'text/plain' }))
app.mount('/files', staticFiles(join(benchFolder(), 'files')))
app.onShutdown(() => store.close())

async function* chunks(): AsyncGenerator<string> {
  for (let at = 0; at < STREAM_CHUNKS; at++) yield streamChunk(at)
}

export default app
