/** Applications that read all they can of a request: adapters, frameworks and static files, as clients reach them. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromFetch } from '@tsgi/adapter-fetch/from-fetch'
import { fromNodeListener } from '@tsgi/adapter-node/from-node'
import { fromWsgi } from '@tsgi/adapter-wsgi'
import { mini } from '@tsgi/framework-mini'
import { application, CsrfMiddleware, HttpResponse, path, SessionMiddleware } from '@tsgi/framework-views'
import type { Application } from '@tsgi/spec'
import { staticFiles } from '@tsgi/static-files'

export const APPLICATIONS: Readonly<Record<string, () => Application>> = {
  'static files': () => {
    const folder = mkdtempSync(join(tmpdir(), 'linear-'))
    for (const name of ['index.html', 'app.js', 'app.js.br']) writeFileSync(join(folder, name), 'x')
    return staticFiles(folder, { spa: true, listing: true, immutable: true })
  },
  'framework-mini': () => {
    const app = mini()
    app.get('/:a/:b', ({ params, query, cookies }) => ({ params, query: [...query], cookies }))
    app.get('/tail/*rest', ({ params }) => params.rest.join())
    app.route('POST', '/app.js', async (context) => [...(await context.form())].length.toString())
    return app
  },
  'framework-views': () =>
    application({
      urlpatterns: [
        path('<str:a>-<str:b>-<str:c>/x', () => new HttpResponse('')),
        path('<path:a>/<path:b>/<path:c>/x', () => new HttpResponse('')),
        path('<int:a>.<slug:b>.<uuid:c>', () => new HttpResponse('')),
        path(
          'app.js',
          async (request) => new HttpResponse(String(JSON.stringify(await request.form()) + request.origin)),
        ),
      ],
      middleware: [new SessionMiddleware(), new CsrfMiddleware()],
      secretKey: 'a secret key of more than fifty characters, for a test of cost only',
    }),
  'adapter-fetch': () =>
    fromFetch(async (request) => {
      const form = await request.formData().catch(() => new FormData())
      return new Response(request.url, { headers: [...request.headers, ['x-form', String([...form].length)]] })
    }),
  'adapter-node': () =>
    fromNodeListener((request, response) => {
      for (const [name, value] of Object.entries(request.headers)) {
        try {
          response.setHeader(`x-${name}`, value ?? '')
        } catch {
          // Not a value that a response may carry.
        }
      }
      request.resume()
      response.end(request.url)
    }),
  'adapter-wsgi': () =>
    fromWsgi((environ, startResponse) => {
      startResponse('200 OK', [['x-query', String(environ['QUERY_STRING'])]])
      return [String(environ['PATH_INFO'])]
    }),
}
