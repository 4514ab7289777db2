/** The exercises in framework-views. */
import {
  application,
  HttpError,
  type HttpRequest,
  HttpResponse,
  JsonResponse,
  path,
  redirect,
  View,
} from '@tsgi/framework-views'
import { headers, type Application, type Body } from '@tsgi/spec'
import * as material from './material.ts'
import { uploadedFile } from './multipart-stream.ts'

const PLAIN = 'text/plain; charset=utf-8'
const BYTES = 'application/octet-stream'

const plain = (body: Body, status = 200, fields: readonly string[] = []): HttpResponse =>
  new HttpResponse(body, { status, contentType: PLAIN, headers: fields })

class Text extends View {
  get(): HttpResponse {
    return plain(material.HELLO)
  }
}

class Item extends View {
  delete(): HttpResponse {
    return new HttpResponse(null, { status: 204 })
  }
}

const cached = (request: HttpRequest): HttpResponse => {
  const etag = ['etag', '"v1"']
  return request.header('if-none-match') === '"v1"'
    ? new HttpResponse(null, { status: 304, headers: etag })
    : plain('cached', 200, etag)
}

async function* events(): AsyncGenerator<string> {
  for await (const number of material.numbers()) yield `data: ${number}\n\n`
}

export default function exercises(observe: material.Observe): Application {
  return application({
    appendSlash: false,
    development: false,
    urlpatterns: [
      path('text', Text.asView(), 'text'),
      path('json', () => new JsonResponse({ message: 'Hello, World!' })),
      path('greet/<name>', (_request, { name }) => plain(`Hello, ${name}!`)),
      path('query', ({ query }) => new JsonResponse({ q: query.get('q') })),
      path('query/all', ({ query }) => new JsonResponse(query.getAll('tag'))),
      path('field', ({ environ }) => new JsonResponse({ value: headers(environ, 'x-tag').join(', ') })),
      path('cookies', ({ cookies }) => new JsonResponse(cookies)),
      path('cookies/set', () => plain('set').setCookie('a', '1').setCookie('b', '2')),
      path('form', async (request) => {
        const form = (await request.form()) as URLSearchParams
        return new JsonResponse(Object.fromEntries(form))
      }),
      path(
        'multipart',
        async (request) =>
          new JsonResponse(await uploadedFile(request.environ.input, request.header('content-type') ?? '')),
      ),
      path('upload', async ({ environ }) => new JsonResponse({ bytes: await material.count(environ.input) })),
      path('refuse', async ({ environ }) => {
        await material.count(environ.input, material.ENOUGH)
        throw new HttpError(413)
      }),
      path('early', () => plain('no', 403)),
      path('echo', async (request) => new HttpResponse(await request.bytes(), { contentType: BYTES })),
      path('stream', () => plain(material.lines())),
      path('download', () => new HttpResponse(material.pieces(), { contentType: BYTES })),
      path('events', () => new HttpResponse(events(), { contentType: 'text/event-stream' })),
      path('item', Item.asView()),
      path('cached', cached),
      path('old', (request) => redirect(request.reverse('text'))),
      path('error', () => {
        throw new Error('secret')
      }),
      path('error/late', () => plain(material.partial())),
      path('hang', ({ query, environ }) =>
        plain(material.waiting(environ.server.signal, () => observe(query.get('case') ?? '', 'left'))),
      ),
      path('link', (request) => plain(request.reverse('text'))),
      path('large', () => plain('large', 200, ['x-large', material.LARGE])),
      path('slow', async ({ query }) => {
        await material.pause(Number(query.get('ms')))
        return plain('slow')
      }),
    ],
  })
}
