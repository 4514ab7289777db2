/** What goes wrong in a listener: who is answered what, and what the log says of it. */
import { EventEmitter, once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net from 'node:net'
import { pipeline, Readable } from 'node:stream'
import express from 'express'
import { describe, expect, test } from 'vitest'
import { tsgiHosts, type Subject } from './hosts.ts'
import { requestText, talk } from './wire.ts'

const GET = requestText('GET', '/')
const HERE = 'failures.test.ts'

/** The line of this file that a log entry names first. */
const namedLine = (entry: string | undefined): string | undefined =>
  entry?.split('\n').find((line) => line.includes('packages/adapter-node') || line.includes(HERE))

const beforeTheHead: Readonly<Record<string, Subject>> = {
  'throws at once': () => {
    throw new Error('mine')
  },
  'throws after it has set the head': (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'X-A': '1' })
    throw new Error('mine')
  },
  'throws after it has written': (_: IncomingMessage, response: ServerResponse) => {
    response.write('lost')
    throw new Error('mine')
  },
  'throws after it has ended': (_: IncomingMessage, response: ServerResponse) => {
    response.end('lost')
    throw new Error('mine')
  },
  rejects: async () => {
    await Promise.resolve()
    throw new Error('mine')
  },
  'destroys its response with an error': (_: IncomingMessage, response: ServerResponse) =>
    response.destroy(new Error('mine')),
  'passes an error on, as middleware': (
    _: IncomingMessage,
    _response: ServerResponse,
    next: (error?: unknown) => void,
  ) => next(new Error('mine')),
}

const afterTheHead: Readonly<Record<string, Subject>> = {
  rejects: async (_: IncomingMessage, response: ServerResponse) => {
    response.write('part')
    await new Promise((resolve) => setTimeout(resolve, 20))
    throw new Error('mine')
  },
  'has a stream that throws half-way, in a pipeline': (_: IncomingMessage, response: ServerResponse) => {
    const source = Readable.from(
      (async function* lines() {
        yield 'part'
        await new Promise((resolve) => setTimeout(resolve, 20))
        throw new Error('mine')
      })(),
    )
    pipeline(source, response, () => {})
  },
  'is Express, with an error after the head': express()
    .get('/', async (_, response) => {
      response.write('part')
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new Error('mine')
    })
    .set('env', 'test'),
}

for (const host of tsgiHosts) {
  describe(`on ${host.name}, a listener that`, () => {
    for (const [name, subject] of Object.entries(beforeTheHead)) {
      test(`${name} is answered with 500, and its line is in the log`, async () => {
        await using running = await host.serve(subject)
        const { final } = await talk(running.port, GET)
        expect(final).toMatchObject({ status: 500, complete: true })
        expect(final?.body.toString()).not.toContain('mine')
        expect(final?.body.toString()).not.toContain('lost')
        expect(running.log).toHaveLength(1)
        expect(running.log[0]).toContain('Error: mine')
        expect(namedLine(running.log[0])).toContain(HERE)
      })
    }

    for (const [name, subject] of Object.entries(afterTheHead)) {
      test(`${name}, after the head, breaks the connection`, async () => {
        await using running = await host.serve(subject)
        const { final } = await talk(running.port, GET)
        expect(final).toMatchObject({ status: 200, complete: false })
        expect(final?.body.toString()).toBe('part')
        if (!name.startsWith('is Express')) {
          expect(running.log).toHaveLength(1)
          expect(namedLine(running.log[0])).toContain(HERE)
        }
      })
    }

    test('rejects after it has ended keeps its answer, and its line is in the log', async () => {
      await using running = await host.serve(async (_: IncomingMessage, response: ServerResponse) => {
        response.end('kept')
        await Promise.resolve()
        throw new Error('mine')
      })
      const { final } = await talk(running.port, GET)
      expect(final?.body.toString()).toBe('kept')
      expect(namedLine(running.log[0])).toContain(HERE)
    })

    test('writes after its end, and does not listen for errors, is told by the log', async () => {
      const told = Promise.withResolvers<void>()
      await using running = await host.serve((_: IncomingMessage, response: ServerResponse) => {
        response.end('kept')
        response.write('late', () => told.resolve())
      })
      const { final } = await talk(running.port, GET)
      await told.promise
      expect(final?.body.toString()).toBe('kept')
      expect(running.log[0]).toContain('write after end')
    })

    test('declares more than it gives breaks the connection, or is answered with 500 where that was seen before the head', async () => {
      await using running = await host.serve((request: IncomingMessage, response: ServerResponse) => {
        response.setHeader('Content-Length', 10)
        if (request.url === '/pieces') response.write('abc')
        response.end()
      })
      expect((await talk(running.port, requestText('GET', '/whole'))).final?.status).toBe(500)
      expect((await talk(running.port, requestText('GET', '/pieces'))).final?.complete ?? false).toBe(false)
    })

    test('gives more than it declares does not send the surplus', async () => {
      await using running = await host.serve((_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'Content-Length': 3 })
        response.write('abc')
        response.end('def')
      })
      const { final } = await talk(running.port, GET)
      expect(final?.body.toString() ?? '').not.toContain('def')
      expect(running.log[0]).toContain('content-length')
    })

    test('never ends costs nobody else anything, and ends when its client leaves', async () => {
      const closed = Promise.withResolvers<void>()
      await using running = await host.serve((request: IncomingMessage, response: ServerResponse) => {
        if (request.url === '/never') response.on('close', closed.resolve)
        else response.end('others')
      })
      const socket = net.connect(running.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write('GET /never HTTP/1.1\r\nHost: a\r\n\r\n')
      expect((await talk(running.port, GET)).final?.body.toString()).toBe('others')
      socket.resetAndDestroy()
      await closed.promise
      expect(running.log).toHaveLength(1)
      expect(running.log[0]).toMatch(
        /GET \/never: the client left after 0\.\d s without an answer; the listener \(file:.*failures\.test\.ts:\d+:\d+\)/,
      )
    })

    test('never ends is named by its own line, also where a server or a route of Express holds it', async () => {
      const arrivals = new EventEmitter()
      const silent = (): void => void arrivals.emit('request')
      const app = express()
      app.get('/', silent)
      for (const [subject, who] of [
        [http.createServer(silent), 'the listener'],
        [app, 'the route handler'],
      ] as const) {
        await using running = await host.serve(subject)
        const arrived = once(arrivals, 'request')
        const socket = net.connect(running.port, '127.0.0.1')
        await once(socket, 'connect')
        for (const part of GET) socket.write(part)
        await arrived
        socket.resetAndDestroy()
        await expect
          .poll(() => running.log[0])
          .toMatch(new RegExp(`${who} \\(file:.*failures\\.test\\.ts:\\d+:\\d+\\)`))
      }
    })

    test('sends a status that is none of HTTP throws where it does so', async () => {
      await using running = await host.serve((_: IncomingMessage, response: ServerResponse) => {
        response.statusCode = 600
        response.end()
      })
      expect((await talk(running.port, GET)).final?.status).toBe(500)
      expect(running.log[0]).toContain('Invalid status code: 600; expected 200 to 599')
      expect(namedLine(running.log[0])).toBeDefined()
    })
  })

  describe(`on ${host.name}, middleware`, () => {
    const middleware =
      (error?: unknown): Subject =>
      (_request: IncomingMessage, _response: ServerResponse, next: (error?: unknown) => void) =>
        next(error)

    test('that passes a request on is answered with 404', async () => {
      await using running = await host.serve(middleware())
      expect((await talk(running.port, GET)).final).toMatchObject({ status: 404 })
    })

    test("that passes on an error of the client's is answered with its status", async () => {
      await using running = await host.serve(middleware(Object.assign(new Error('no'), { status: 403 })))
      expect((await talk(running.port, GET)).final).toMatchObject({ status: 403 })
      expect(running.log).toEqual([])
    })
  })
}
