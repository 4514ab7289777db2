/** All workloads in @tsgi/framework-views. */
import { join } from 'node:path'
import { application, HttpResponse, JsonResponse, path, render } from '@tsgi/framework-views'
import type { Application } from '@tsgi/spec'
import { mountStatic } from '@tsgi/static-files'
import { GREETING, randomId, ROUTES, rowCount, STREAM_CHUNKS, streamChunk, withAdded } from '../data/content.ts'
import { benchFolder, TEMPLATES } from '../data/places.ts'
import { receive } from '../data/received.ts'
import { openStore } from '../data/store.ts'

const store = await openStore()
const TEXT = { contentType: 'text/plain' }

const site = application({
  urlpatterns: [
    path('plaintext', () => new HttpResponse(GREETING, TEXT)),
    path('json', () => new JsonResponse({ message: GREETING })),
    ...Array.from({ length: ROUTES }, (_, route) =>
      path(`r${route}/<str:id>`, (_request, { id }) => new HttpResponse(`r${route}:${id}`, TEXT)),
    ),
    path('db', async () => new JsonResponse(await store.world(randomId()))),
    path('queries', async (request) => {
      const rows = Array.from({ length: rowCount(request.query.get('queries')) }, () => store.world(randomId()))
      return new JsonResponse(await Promise.all(rows))
    }),
    path('updates', async (request) => new JsonResponse(await store.update(rowCount(request.query.get('queries'))))),
    path('fortunes', async (request) => render(request, 'fortunes', { fortunes: withAdded(await store.fortunes()) })),
    path(
      'upload',
      async (request) => new JsonResponse(await receive(request.environ.input, request.header('x-crc') !== undefined)),
    ),
    path('stream', () => new HttpResponse(chunks(), TEXT)),
  ],
  templates: { folder: TEMPLATES },
  shutdown: () => store.close(),
})

async function* chunks(): AsyncGenerator<string> {
  for (let at = 0; at < STREAM_CHUNKS; at++) yield streamChunk(at)
}

const whole: Application = mountStatic('/files', join(benchFolder(), 'files'), { fallback: site })

export default whole
