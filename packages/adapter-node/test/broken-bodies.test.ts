/** A body that is too slow, too large or malformed is answered at once, through the body parsers that people use. */
import { createRequire } from 'node:module'
import net from 'node:net'
import { pipeline, Writable } from 'node:stream'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyParser } from '@koa/bodyparser'
import { serve } from '@tsgi/server-event-loop'
import express, { type RequestHandler } from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { fromNodeListener } from '../src/from-node/index.ts'
import { collect, type Subject } from './hosts.ts'

/** It has no types of its own. */
const multer: () => { any(): RequestHandler } = createRequire(import.meta.url)('multer')

const ANY = { type: () => true }

const behind = (...handlers: RequestHandler[]): Subject =>
  express()
    .set('env', 'test')
    .use(...handlers)
    .post('/', (_, response) => response.send('read'))

/** Notes errors of the request, as Node's own documentation does, and answers nothing. */
const notes: RequestHandler = (request, _, next) => {
  request.on('error', () => {})
  next()
}

const fastify = (): Subject => {
  const app = Fastify()
  app.post('/', async () => 'read')
  return app
}

const subjects: Readonly<Record<string, () => Subject>> = {
  'express.json': () => behind(express.json(ANY)),
  'express.urlencoded': () => behind(express.urlencoded({ ...ANY, extended: true })),
  'express.text': () => behind(express.text(ANY)),
  'express.raw': () => behind(express.raw(ANY)),
  'express.json behind a logger of errors': () => behind(notes, express.json(ANY)),
  'express.json behind middleware that waits': () =>
    behind((_, _response, next) => void setTimeout(() => next(), 20), express.json(ANY)),
  'express without a parser': () => express().set('env', 'test'),
  '@koa/bodyparser': () => {
    const koa = new Koa()
    koa.silent = true
    return koa.use(bodyParser()).use((ctx) => (ctx.body = 'read'))
  },
  fastify,
  'a loop over the request': () => async (request: IncomingMessage, response: ServerResponse) => {
    for await (const _ of request) continue
    response.end('read')
  },
  'a pipeline': () => (request: IncomingMessage, response: ServerResponse) =>
    pipeline(request, new Writable({ write: (_chunk, _encoding, done) => done() }), (error) => {
      response.statusCode = (error as { readonly status?: number } | null)?.status ?? 200
      response.end()
    }),
}

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
const PART = '{"a": "xxxxxxxxxxxxxxxxxxxx'
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

const bodies: Readonly<Record<string, { readonly status: string; readonly sent: readonly string[] }>> = {
  'too slow': { status: '408', sent: [`${HEAD}Content-Length: 500\r\n\r\n${PART}`] },
  'too large by its declared length': { status: '413', sent: [`${HEAD}Content-Length: 5000\r\n\r\n${PART}`] },
  'too large in chunks': {
    status: '413',
    sent: [`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(PART)}`, chunk('y'.repeat(3000))],
  },
  malformed: { status: '400', sent: [`${HEAD}Transfer-Encoding: chunked\r\n\r\n${chunk(PART)}`, 'zz\r\n'] },
}

async function answerTo(subject: Subject, sent: readonly string[]): Promise<{ answer: string; entries: string[] }> {
  const { log, entries } = collect()
  const server = await serve(fromNodeListener(subject), {
    listen: [{ host: '127.0.0.1', port: 0 }],
    limits: { maxBodySize: 1000 },
    timeouts: { body: 150 },
    log,
  })
  try {
    const [address] = server.addresses
    if (address === undefined || address.family === 'unix') throw new Error('no port')
    const answer = await new Promise<string>((resolve) => {
      const socket = net.connect(address.port, '127.0.0.1', () => {
        socket.write(sent[0] ?? '')
        // Behind the head, so that the body breaks while it is read.
        const rest = sent.slice(1)
        setTimeout(() => rest.forEach((part) => socket.write(part)), 30)
      })
      socket.once('data', (data) => {
        resolve(String(data))
        socket.destroy()
      })
      socket.on('error', () => {})
    })
    return { answer, entries }
  } finally {
    await server.close({ graceful: 0 })
  }
}

for (const [what, { status, sent }] of Object.entries(bodies).filter(([, { status }]) => status !== '400')) {
  // It answers `aborted` with an error of its own, and so 500: where the client is still there, no `aborted` may come.
  test(`a body behind multer that is ${what} is answered with ${status}`, async () => {
    const multipart = sent.map((part) =>
      part
        .replace('application/json', 'multipart/form-data; boundary=b')
        .replace(PART, '--b\r\nxxxxxxxxxxxxxxxxxxxxxx'),
    )
    expect((await answerTo(behind(multer().any()), multipart)).answer.slice(9, 12)).toBe(status)
  })
}

for (const [name, make] of Object.entries(subjects)) {
  describe(`a body behind ${name}`, () => {
    for (const [what, { status, sent }] of Object.entries(bodies)) {
      test(`that is ${what} is answered with ${status}`, async () => {
        const { answer, entries } = await answerTo(make(), sent)
        expect(answer.slice(9, 12)).toBe(status)
        expect(entries).toEqual([])
      })
    }
  })
}
