/** An Express application as people write them: TSGI is unknown to it. */
import { fileURLToPath } from 'node:url'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { Busboy } from '@fastify/busboy'
import compression from 'compression'
import express, { type ErrorRequestHandler, type Express } from 'express'
import session from 'express-session'

declare module 'express-session' {
  interface SessionData {
    views: number
  }
}

export const files: string = fileURLToPath(new URL('../fixtures/files/', import.meta.url))

export function expressApp(): Express {
  const app = express()
  app.set('env', 'production')
  app.set('trust proxy', 'loopback')
  let ids = 0

  app.use('/compressed', compression({ threshold: 100 }))
  app.use('/session', session({ secret: 'test', resave: false, saveUninitialized: false, genid: () => `id-${++ids}` }))
  app.use('/files', express.static(files, { maxAge: 1000 }))
  app.use('/json', express.json({ limit: 1000 }))
  app.use('/form', express.urlencoded({ extended: true }))
  app.use('/text', express.text())
  app.use('/raw', express.raw({ type: '*/*', limit: '1mb' }))

  app.get('/', (_, response) => void response.send('Hello'))
  app.get('/html', (_, response) => void response.send('<p>é</p>'))
  app.get('/object', (_, response) => void response.json({ hello: ['world', 1, null] }))
  app.get('/buffer', (_, response) => void response.send(Buffer.from([0, 1, 254, 255])))
  app.get('/jsonp', (_, response) => void response.jsonp({ a: 1 }))
  app.get('/status/:status', (request, response) => void response.status(Number(request.params.status)).send('text'))
  app.get('/send-status/:status', (request, response) => void response.sendStatus(Number(request.params.status)))
  app.get('/redirect', (_, response) => response.redirect('/elsewhere?a=b c'))
  app.get('/redirect-back', (_, response) => response.redirect(301, '..'))
  app.get('/cookies', (_, response) => {
    response
      .cookie('a', 'é b', { httpOnly: true, expires: new Date(0) })
      .cookie('b', { c: 1 }, { path: '/x' })
      .clearCookie('old')
      .end()
  })
  app.get('/fields', (_, response) => {
    response.set('X-A', '1').append('X-A', '2').append('Link', ['<a>', '<b>']).vary('Accept').links({ next: '/2' })
    response.type('png').location('/over there').attachment('é file.png').end()
  })
  app.get(
    '/params/:first/*rest',
    (request, response) => void response.json([request.params, request.query, request.path]),
  )
  app.get('/who', (request, response) => {
    response.json([request.ip, request.ips, request.protocol, request.secure, request.hostname, request.subdomains])
  })
  app.get('/negotiate', (_, response) =>
    response.format({ text: () => response.send('text'), json: () => response.json({ kind: 'json' }) }),
  )
  app.get('/accepts', (request, response) => {
    response.json([request.accepts('html', 'json'), request.acceptsLanguages('de', 'en'), request.is('json')])
  })
  app.get('/download', (_, response) => response.download(`${files}hello.txt`, 'greeting.txt'))
  app.get('/send-file', (_, response) => response.sendFile('digits.txt', { root: files }))
  app.get('/missing-file', (_, response) => response.sendFile('none.txt', { root: files }))
  app.get('/pipe', (_, response) => void Readable.from(['a', 'b', 'c']).pipe(response.type('text')))
  app.get('/events', async (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' })
    for (const event of [1, 2, 3]) {
      response.write(`data: ${event}\n\n`)
      await delay(1)
    }
    response.end()
  })
  app.get('/slow', async (_, response) => {
    await delay(5)
    response.send('slow')
  })
  app.get('/ended', (_, response) => {
    response.statusCode = 203
    response.setHeader('Content-Type', 'text/plain').end('ended')
  })
  app.get('/nothing', (_, response) => void response.end())
  app.get('/throws', () => {
    throw new Error('thrown')
  })
  app.get('/rejects', async () => {
    throw Object.assign(new Error('teapot'), { status: 418, expose: true })
  })
  app.get('/next-error', (_request, _response, next) => next(new Error('passed on')))
  app.get('/bad-field', (_, response) => void response.set('X-A', 'a\nb').send('x'))
  app.get('/compressed/text', (_, response) => void response.type('text').send('compress me, please. '.repeat(100)))
  app.get('/compressed/stream', (_, response) => {
    response.type('text')
    Readable.from(Array.from({ length: 50 }, (_, i) => `line ${i} of a stream\n`)).pipe(response)
  })
  app.get('/compressed/small', (_, response) => void response.type('text').send('small'))
  app.get('/session/count', (request, response) => {
    request.session.views = (request.session.views ?? 0) + 1
    response.send(`views: ${request.session.views}`)
  })
  app.get('/session/peek', (request, response) => void response.json(request.session.views ?? null))
  app.post('/session/leave', (request, response) => request.session.destroy(() => response.send('left')))
  app.all('/json/echo', (request, response) => void response.json(request.body ?? 'no body'))
  app.post('/form/echo', (request, response) => void response.json(request.body))
  app.post('/text/echo', (request, response) => void response.send(request.body))
  app.post('/raw/echo', (request, response) => void response.send(request.body))
  app.post('/ignored', (_, response) => void response.send('not read'))
  app.post('/upload', (request, response, next) => {
    const parts: unknown[] = []
    const form = new Busboy({ headers: request.headers as never })
    form.on('file', (name, stream, filename, _encoding, type) => {
      let size = 0
      stream.on('data', (data: Buffer) => (size += data.length))
      stream.on('end', () => parts.push([name, filename, type, size]))
    })
    form.on('field', (name, value) => parts.push([name, value]))
    form.on('error', next)
    form.on('finish', () => response.json(parts))
    request.pipe(form)
  })
  app
    .route('/book')
    .get((_, response) => void response.send('get'))
    .put((_, response) => void response.send('put'))

  const sub = express()
  sub.get('/here', (request, response) => void response.json([request.baseUrl, request.url, request.originalUrl]))
  sub.get('/fall', (_request, _response, next) => next())
  app.use('/sub', sub)
  const router = express.Router({ mergeParams: true })
  router.get('/leaf', (request, response) => void response.json([request.params, request.baseUrl]))
  app.use('/tree/:branch', router)

  const onError: ErrorRequestHandler = (error, request, response, next) => {
    if (!request.path.startsWith('/next')) return next(error)
    response.status(500).json({ handled: (error as Error).message })
  }
  app.use(onError)
  return app
}
