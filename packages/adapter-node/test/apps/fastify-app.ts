/** A Fastify application as people write them: TSGI is unknown to it. */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { files } from './express-app.ts'

const book = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: { title: { type: 'string', minLength: 2 }, pages: { type: 'integer', default: 1 } },
} as const

export function fastifyApp(): FastifyInstance {
  const app = Fastify({ trustProxy: true, bodyLimit: 300_000, genReqId: () => 'request' })
  const hooks: string[] = []

  app.addHook('onRequest', async (_, reply) => void reply.header('x-hook', 'on-request'))
  app.addHook('preHandler', (request, _, done) => {
    if (request.url === '/hooks') hooks.push('preHandler')
    done()
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.url !== '/on-send') return payload
    reply.header('x-sent', 'changed')
    return `${String(payload)}, changed`
  })
  app.addHook('onResponse', (request, _, done) => {
    if (request.url === '/hooks') hooks.push('onResponse')
    done()
  })
  app.register(fastifyStatic, { root: files, prefix: '/files/' })
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_, body, done) => done(null, String(body).split(',')))
  app.addContentTypeParser('application/octet-stream', (_, payload, done) => done(null, payload))

  app.get('/', async () => 'Hello')
  app.get('/reply', (_, reply) => reply.send('reply'))
  app.get('/object', async () => ({ hello: ['world', 1, null], é: 'é' }))
  app.get('/buffer', async () => Buffer.from([0, 255]))
  app.get('/nothing', (_, reply) => reply.send())
  app.get('/null', (_, reply) => reply.send(null))
  app.get<{ Params: { status: string } }>('/status/:status', (request, reply) => {
    return reply.code(Number(request.params.status)).send('text')
  })
  app.get('/no-content', (_, reply) => reply.code(204).send())
  app.get('/redirect', (_, reply) => reply.redirect('/elsewhere', 303))
  app.get('/fields', (_, reply) => {
    reply.header('X-A', '1').header('Set-Cookie', 'a=1').header('Set-Cookie', 'b=2').headers({ 'X-B': 2, 'X-C': 'é' })
    return reply.type('text/plain').send('fields')
  })
  app.get(
    '/schema',
    { schema: { response: { 200: { type: 'object', properties: { a: { type: 'string' } } } } } },
    async () => ({
      a: 1,
      secret: 'hidden',
    }),
  )
  app.get(
    '/query',
    { schema: { querystring: { type: 'object', properties: { n: { type: 'integer' } } } } },
    async (request) => request.query,
  )
  app.get('/params/:a/*', async (request) => request.params)
  app.get('/regex/:id(^\\d+$)', async (request) => request.params)
  app.get('/who', async (request) => [
    request.ip,
    request.ips,
    request.protocol,
    request.host,
    request.hostname,
    request.id,
    request.url,
  ])
  app.get('/stream', (_, reply) => reply.type('text/plain').send(Readable.from(['a', 'b', 'c'])))
  app.get('/file', (_, reply) => reply.header('content-length', 1000).send(createReadStream(`${files}digits.txt`)))
  app.get('/big-file', (_, reply) => reply.send(createReadStream(`${files}big.txt`)))
  app.get('/missing-file', (_, reply) => reply.send(createReadStream(`${files}none.txt`)))
  app.get('/web-stream', (_, reply) => reply.send(new Response('a web stream').body))
  app.get('/response', (_, reply) => reply.send(new Response('a Response', { status: 203, headers: { 'x-a': '1' } })))
  app.get('/trailer', (_, reply) => reply.trailer('x-sum', async () => 'sum').send('with a trailer'))
  app.get('/hints', (_, reply) => {
    reply.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
    return reply.send('hinted')
  })
  app.get('/slow', async () => {
    await delay(5)
    return 'slow'
  })
  app.get('/raw', async (_, reply) => writeRaw(reply))
  app.get('/raw-end', (_, reply) => {
    reply.hijack()
    reply.raw.setHeader('content-type', 'text/plain')
    reply.raw.end('raw')
  })
  app.get('/throws', () => {
    throw new Error('thrown')
  })
  app.get('/rejects', async () => {
    throw Object.assign(new Error('teapot'), { statusCode: 418 })
  })
  app.get('/stream-error', (_, reply) =>
    reply.send(
      new Readable({
        read() {
          this.destroy(new Error('stream failed'))
        },
      }),
    ),
  )
  app.get('/on-send', async () => 'payload')
  app.get('/hooks', async () => hooks)
  app.get('/timeout', { handlerTimeout: 20 } as object, () => new Promise(() => {}))
  app.post('/books', { schema: { body: book } }, async (request, reply) => reply.code(201).send(request.body))
  app.post('/echo', async (request) => request.body)
  app.post('/upload', async (request) => {
    let size = 0
    for await (const chunk of request.body as Readable) size += (chunk as Buffer).length
    return { size }
  })
  app.post('/ignored', async () => 'ignored')
  app.route({ method: ['PUT', 'PATCH', 'DELETE'], url: '/many', handler: async (request) => request.method })

  app.register(
    async (scope) => {
      scope.setErrorHandler(async (error: Error, _, reply) => reply.code(500).send({ handled: error.message }))
      scope.setNotFoundHandler((_, reply) => reply.code(404).send('not in this scope'))
      scope.get('/fails', async () => {
        throw new Error('scoped')
      })
    },
    { prefix: '/scope' },
  )
  return app
}

/** As the documentation shows it: the response is the handler's own. */
async function writeRaw(reply: FastifyReply): Promise<void> {
  reply.hijack()
  reply.raw.writeHead(200, { 'Content-Type': 'text/event-stream' })
  for (const event of [1, 2, 3]) {
    reply.raw.write(`data: ${event}\n\n`)
    await delay(1)
  }
  reply.raw.end()
}
