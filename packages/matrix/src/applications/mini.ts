/** The exercises in framework-mini. */
import { events, HttpError, mini, redirect, stream, text } from '@tsgi/framework-mini'
import { headers, type Application } from '@tsgi/spec'
import * as material from './material.ts'
import { uploadedFile } from './multipart-stream.ts'

const PLAIN = 'text/plain; charset=utf-8'

export default function exercises(observe: material.Observe): Application {
  const app = mini()
  app.get('/text', () => material.HELLO)
  app.get('/json', () => ({ message: 'Hello, World!' }))
  app.get('/greet/:name', ({ params }) => `Hello, ${params.name}!`)
  app.get('/query', ({ query }) => ({ q: query.get('q') }))
  app.get('/query/all', ({ query }) => query.getAll('tag'))
  app.get('/field', ({ environ }) => ({ value: headers(environ, 'x-tag').join(', ') }))
  app.get('/cookies', ({ cookies }) => ({ ...cookies }))
  app.get('/cookies/set', (context) => {
    context.setCookie('a', '1')
    context.setCookie('b', '2')
    return 'set'
  })
  app.post('/form', async (context) => Object.fromEntries(await context.form()))
  app.post('/multipart', (context) => uploadedFile(context.environ.input, context.header('content-type') ?? ''))
  app.post('/upload', async ({ environ }) => ({ bytes: await material.count(environ.input) }))
  app.post('/refuse', async ({ environ }) => {
    await material.count(environ.input, material.ENOUGH)
    throw new HttpError(413, 'too much')
  })
  app.post('/early', () => text('no', { status: 403 }))
  app.post('/echo', (context) => context.bytes())
  app.get('/stream', () => stream(material.lines(), { type: PLAIN }))
  app.get('/download', () => stream(material.pieces()))
  app.get('/events', () => events(numbered()))
  app.delete('/item', () => null)
  app.get('/cached', (context) => {
    const fresh = context.header('if-none-match') === '"v1"'
    return text(fresh ? '' : 'cached', { status: fresh ? 304 : 200, headers: ['etag', '"v1"'] })
  })
  app.get('/old', ({ environ }) => redirect(`${environ.scriptName}/text`))
  app.get('/error', () => {
    throw new Error('secret')
  })
  app.get('/error/late', () => stream(material.partial(), { type: PLAIN }))
  app.get('/hang', ({ query, signal }) =>
    stream(
      material.waiting(signal, () => observe(query.get('case') ?? '', 'left')),
      { type: PLAIN },
    ),
  )
  app.get('/link', ({ environ }) => `${environ.scriptName}/text`)
  app.get('/large', (context) => {
    context.addHeader('x-large', material.LARGE)
    return 'large'
  })
  app.get('/slow', async ({ query }) => {
    await material.pause(Number(query.get('ms')))
    return 'slow'
  })
  return app
}

async function* numbered(): AsyncGenerator<{ readonly data: number }> {
  for await (const data of material.numbers()) yield { data }
}
