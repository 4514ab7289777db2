/** A client that leaves ends what was made for it, in whichever way the listener made it. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import net from 'node:net'
import { PassThrough, pipeline, Readable } from 'node:stream'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { tsgiHosts, type Listener, type Subject } from './hosts.ts'
import { requestText } from './wire.ts'

/** An endless source that notes its end. */
function endless(ended: (how: string) => void): Readable {
  const source = new Readable({
    read() {
      setImmediate(() => this.push('tick\n'))
    },
  })
  source.on('close', () => ended('closed'))
  return source
}

const subjects: Readonly<Record<string, (ended: (how: string) => void) => Subject>> = {
  pipe: (ended) => (_: IncomingMessage, response: ServerResponse) => {
    const source = endless(ended)
    source.pipe(response)
    response.on('close', () => source.destroy())
  },
  pipeline: (ended) => (_: IncomingMessage, response: ServerResponse) =>
    pipeline(
      endless(() => {}),
      response,
      (error) => ended(String(error?.code)),
    ),
  'a loop that asks destroyed': (ended) => async (_: IncomingMessage, response: ServerResponse) => {
    while (!response.destroyed) {
      if (!response.write('tick\n')) await Promise.race([once(response, 'drain'), once(response, 'close')])
      await new Promise((resolve) => setImmediate(resolve))
    }
    ended('loop over')
  },
  'Express, req.on close': (ended) =>
    express().get('/', (request, response) => {
      const timer = setInterval(() => response.write('tick\n'), 1)
      request.on('close', () => {
        clearInterval(timer)
        ended(`aborted ${request.aborted}`)
      })
    }),
  'Koa, a stream as body': (ended) => {
    const koa = new Koa()
    koa.silent = true
    return koa.use((ctx) => (ctx.body = endless(ended)))
  },
  'Fastify, a stream as payload': (ended) => Fastify().get('/', (_, reply) => reply.send(endless(ended))),
  'Fastify, onRequestAbort': (ended) => {
    const fastify = Fastify()
    fastify.addHook('onRequestAbort', async (request) => ended(request.method))
    fastify.get('/', (_, reply) => {
      reply.hijack()
      reply.raw.write('tick\n')
    })
    return fastify
  },
}

for (const host of tsgiHosts) {
  describe(`a client that leaves a download on ${host.name}`, () => {
    for (const [name, subject] of Object.entries(subjects)) {
      test(`ends ${name}`, async () => {
        const ended = Promise.withResolvers<string>()
        await using running = await host.serve(subject(ended.resolve))
        const socket = net.connect(running.port, '127.0.0.1')
        for (const part of requestText('GET', '/')) socket.write(part)
        await once(socket, 'data')
        const left = performance.now()
        socket.resetAndDestroy()
        await ended.promise
        expect(performance.now() - left).toBeLessThan(1000)
        expect(running.findings).toEqual([])
      })
    }

    test('who only sends EOF still gets the whole response', async () => {
      const listener: Listener = (_, response) => {
        const body = new PassThrough()
        body.pipe(response)
        setTimeout(() => body.end('late'), 50)
      }
      await using running = await host.serve(listener)
      const socket = net.connect({ port: running.port, host: '127.0.0.1', allowHalfOpen: true })
      socket.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
      let text = ''
      for await (const data of socket) text += String(data)
      expect(text).toContain('late')
      expect(text.endsWith('0\r\n\r\n')).toBe(true)
    })
  })

  describe(`a client that leaves an upload on ${host.name}`, () => {
    test('makes reading it fail, with what Node says', async () => {
      const failed = Promise.withResolvers<NodeJS.ErrnoException>()
      const listener: Listener = async (request) => {
        try {
          for await (const _ of request) continue
        } catch (error) {
          failed.resolve(error as Error)
        }
      }
      await using running = await host.serve(listener)
      const socket = net.connect(running.port, '127.0.0.1')
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\npart')
      setTimeout(() => socket.resetAndDestroy(), 20)
      expect(await failed.promise).toMatchObject({ code: 'ECONNRESET', message: 'aborted' })
    })
  })
}
