/** The exercises in Fastify. */
import { Readable } from 'node:stream'
import { fromNodeListener } from '@tsgi/adapter-node/from-node'
import { parseCookies, readUrlEncoded } from '@tsgi/http-fields'
import type { Application } from '@tsgi/spec'
import fastify, { type FastifyRequest } from 'fastify'
import * as material from './material.ts'
import { uploadedFile } from './multipart-stream.ts'

interface Query {
  readonly q?: string
  readonly tag?: readonly string[]
  readonly case?: string
  readonly ms?: string
}

const queryOf = (request: FastifyRequest): Query => request.query as Query
const baseUrl = (request: FastifyRequest): string => (request.raw as { readonly baseUrl?: string }).baseUrl ?? ''

export default function exercises(observe: material.Observe): Application {
  const app = fastify({ bodyLimit: 64 * 1024 * 1024, forceCloseConnections: false })
  // Bodies are read by the routes.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  app.get('/text', (_request, reply) => reply.type('text/plain; charset=utf-8').send(material.HELLO))
  app.route({
    method: ['PUT', 'POST', 'DELETE', 'PATCH'],
    url: '/text',
    handler: (_request, reply) => reply.code(405).header('allow', 'GET, HEAD').send('method not allowed'),
  })
  app.get('/json', () => ({ message: 'Hello, World!' }))
  app.get<{ Params: { name: string } }>('/greet/:name', (request) => `Hello, ${request.params.name}!`)
  app.get('/query', (request) => ({ q: queryOf(request).q }))
  app.get('/query/all', (request) => queryOf(request).tag)
  app.get('/field', (request) => ({ value: request.headers['x-tag'] }))
  app.get('/cookies', (request) => ({ ...parseCookies(request.headers.cookie ?? '') }))
  app.get('/cookies/set', (_request, reply) => reply.header('set-cookie', ['a=1', 'b=2']).send('set'))
  app.post('/form', async (request) => Object.fromEntries(await readUrlEncoded(request.raw)))
  app.post('/multipart', (request) => uploadedFile(request.raw, request.headers['content-type'] ?? ''))
  app.post('/upload', async (request) => ({ bytes: await material.count(request.raw) }))
  app.post('/refuse', async (request, reply) => {
    let bytes = 0
    await new Promise<void>((resolve) => {
      request.raw.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes < material.ENOUGH) return
        request.raw.pause()
        resolve()
      })
    })
    return await reply.code(413).send('too much')
  })
  app.post('/early', (_request, reply) => reply.code(403).send('no'))
  app.post('/echo', async (request, reply) => {
    const content = await material.collect(request.raw)
    return await reply.type('application/octet-stream').send(content)
  })
  app.get('/stream', (_request, reply) => reply.type('text/plain').send(Readable.from(material.lines())))
  app.get('/download', (_request, reply) => reply.send(Readable.from(material.pieces(), { objectMode: false })))
  app.get('/events', (_request, reply) =>
    reply.type('text/event-stream').send(
      Readable.from(
        (async function* () {
          for await (const number of material.numbers()) yield `data: ${number}\n\n`
        })(),
      ),
    ),
  )
  app.delete('/item', (_request, reply) => reply.code(204).send())
  app.get('/cached', (request, reply) => {
    reply.header('etag', '"v1"')
    return request.headers['if-none-match'] === '"v1"' ? reply.code(304).send() : reply.send('cached')
  })
  app.get('/old', (request, reply) => reply.redirect(`${baseUrl(request)}/text`, 303))
  app.get('/error', () => {
    throw new Error('secret')
  })
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send('Internal Server Error'))
  app.get('/error/late', (_request, reply) => reply.type('text/plain').send(Readable.from(material.partial())))
  app.get('/hang', (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/plain' })
    reply.raw.write('waiting')
    reply.raw.on('close', () => observe(queryOf(request).case ?? '', 'left'))
  })
  app.get('/link', (request) => `${baseUrl(request)}/text`)
  app.get('/large', (_request, reply) => reply.header('x-large', material.LARGE).send('large'))
  app.get('/slow', async (request) => {
    await material.pause(Number(queryOf(request).ms))
    return 'slow'
  })
  return fromNodeListener(app)
}
