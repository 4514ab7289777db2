/** The exercises in Express. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fromNodeListener } from '@tsgi/adapter-node/from-node'
import { parseCookies } from '@tsgi/http-fields'
import type { Application } from '@tsgi/spec'
import express, { type ErrorRequestHandler } from 'express'
import * as material from './material.ts'
import { uploadedFile } from './multipart-stream.ts'

export default function exercises(observe: material.Observe): Application {
  const app = express()
  app.set('env', 'test')
  app.get('/text', (_request, response) => void response.type('text').send(material.HELLO))
  app.all('/text', (_request, response) => void response.set('allow', 'GET, HEAD').sendStatus(405))
  app.get('/json', (_request, response) => void response.json({ message: 'Hello, World!' }))
  app.get('/greet/:name', (request, response) => void response.type('text').send(`Hello, ${request.params.name}!`))
  app.get('/query', (request, response) => void response.json({ q: request.query['q'] }))
  app.get('/query/all', (request, response) => void response.json(request.query['tag']))
  app.get('/field', (request, response) => void response.json({ value: request.get('x-tag') }))
  app.get('/cookies', (request, response) => void response.json(parseCookies(request.get('cookie') ?? '')))
  app.get('/cookies/set', (_request, response) => void response.cookie('a', '1').cookie('b', '2').send('set'))
  app.post('/form', express.urlencoded(), (request, response) => void response.json(request.body))
  app.post('/multipart', async (request, response) => {
    response.json(await uploadedFile(request, request.get('content-type') ?? ''))
  })
  app.post('/upload', async (request, response) => void response.json({ bytes: await material.count(request) }))
  app.post('/refuse', async (request, response) => {
    let bytes = 0
    await new Promise<void>((resolve) => {
      request.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes < material.ENOUGH) return
        request.pause()
        resolve()
      })
    })
    response.status(413).type('text').send('too much')
  })
  app.post('/early', (_request, response) => void response.status(403).type('text').send('no'))
  app.post('/echo', express.raw({ limit: '1mb' }), (request, response) => {
    response.type('application/octet-stream').send(request.body)
  })
  app.get('/stream', async (_request, response) => {
    await pipeline(material.lines(), response.type('text'))
  })
  app.get('/download', async (_request, response) => {
    await pipeline(Readable.from(material.pieces()), response.type('application/octet-stream'))
  })
  app.get('/events', async (_request, response) => {
    response.type('text/event-stream')
    for await (const number of material.numbers()) response.write(`data: ${number}\n\n`)
    response.end()
  })
  app.delete('/item', (_request, response) => void response.status(204).end())
  app.get('/cached', (_request, response) => void response.set('etag', '"v1"').type('text').send('cached'))
  app.get('/old', (request, response) => response.redirect(303, `${request.baseUrl}/text`))
  app.get('/error', () => {
    throw new Error('secret')
  })
  app.get('/error/late', async (_request, response) => {
    response.type('text')
    // Express passes what an async handler rejects with to its error handler, which destroys the connection.
    for await (const line of material.partial()) response.write(line)
  })
  app.get('/hang', (request, response) => {
    response.type('text').write('waiting')
    response.on('close', () => observe(String(request.query['case']), 'left'))
  })
  app.get('/link', (request, response) => void response.type('text').send(`${request.baseUrl}/text`))
  app.get('/large', (_request, response) => void response.set('x-large', material.LARGE).send('large'))
  app.get('/slow', async (request, response) => {
    await material.pause(Number(request.query['ms']))
    response.type('text').send('slow')
  })
  app.use(answerErrors)
  return fromNodeListener(app)
}

/** Without a word of the error. Once the head is out, Express's own handler destroys the connection. */
const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error)
  else response.sendStatus(500)
}
