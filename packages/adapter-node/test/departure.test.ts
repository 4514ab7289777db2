/** A client that ends its side while its request is under way: what the listener notices, and what it may still do. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import net from 'node:net'
import { pipeline, PassThrough } from 'node:stream'
import express from 'express'
import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { nodeHttp, tsgiHosts, type Host, type Subject } from './hosts.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const POST =
  'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n[1,2]'

/** What a listener notes until its request has closed, and the answer to a client that reads on. */
async function leave(
  host: Host,
  request: string,
  make: (note: (text: string) => void, left: Promise<void>) => Subject,
): Promise<{ notes: readonly string[]; answer: string }> {
  const notes: string[] = []
  const left = Promise.withResolvers<void>()
  const called = Promise.withResolvers<void>()
  const subject = make((text) => {
    notes.push(text)
    called.resolve()
  }, left.promise)
  await using running = await host.serve(subject)
  const socket = net.connect({ port: running.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.write(request)
  await called.promise
  socket.end()
  // The notice comes by the server's own clock; the listener continues behind it.
  setTimeout(left.resolve, 300)
  let answer = ''
  for await (const data of socket) answer += String(data)
  await left.promise
  return { notes, answer }
}

/** Events of a request whose listener waits. */
const waiting =
  (note: (text: string) => void, left: Promise<void>): Subject =>
  (request: IncomingMessage, response: ServerResponse) => {
    note('called')
    for (const event of ['aborted', 'error', 'close', 'end']) request.on(event, () => note(event))
    request.signal?.addEventListener('abort', () => note('signal'))
    void left.then(() => response.end('late'))
  }

for (const host of tsgiHosts) {
  describe(`on ${host.name}, a client that ends its side`, () => {
    test('is noticed by a request that waits, as on node:http, and still gets its answer', async () => {
      const { notes, answer } = await leave(host, GET, waiting)
      expect(notes).toEqual((await leave(nodeHttp, GET, waiting)).notes)
      expect(answer).toContain('late')
    })

    test("is noticed by Fastify's onRequestAbort", async () => {
      const { notes } = await leave(host, GET, (note, left) => {
        const fastify = Fastify()
        fastify.addHook('onRequestAbort', async ({ method }) => note(`aborted ${method}`))
        fastify.get('/', async () => {
          note('called')
          await left
          return 'late'
        })
        return fastify
      })
      expect(notes).toEqual(['called', 'aborted GET'])
    })

    test('having sent its whole body, leaves it readable', async () => {
      const { notes, answer } = await leave(host, POST, (note, left) =>
        express()
          .use(async (_, _response, next) => {
            note('called')
            await left
            next()
          })
          .use(express.json())
          .post('/', (request, response) => {
            note(JSON.stringify(request.body))
            response.send('late')
          }),
      )
      expect(notes).toEqual(['called', '[1,2]'])
      expect(answer).toContain('late')
    })

    test('does not fail a pipeline into its response', async () => {
      const { notes, answer } = await leave(
        host,
        GET,
        (note, left) => (_: IncomingMessage, response: ServerResponse) => {
          note('called')
          const source = new PassThrough()
          pipeline(source, response, (error) => note(`pipeline ${error?.code}`))
          void left.then(() => source.end('late'))
        },
      )
      expect(notes).toEqual(['called', 'pipeline undefined'])
      expect(answer).toContain('late')
    })
  })
}
