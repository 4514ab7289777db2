/** What packages find at an `http.Server` and at a socket: their own classes, replaced methods, timeouts, tracing. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import express from 'express'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withoutEffect } from '../src/from-node/server-settings.ts'
import { eventLoop, listen, type Subject } from './hosts.ts'
import { requestText, talk, type Conversation } from './wire.ts'

const require = createRequire(import.meta.url)

/** It has no types of its own. */
interface Polka {
  get(
    path: string,
    handler: (request: { readonly params: { readonly name: string } }, response: ServerResponse) => void,
  ): this
  readonly handler: unknown
}
const polka: () => Polka = require('polka')

const GET = requestText('GET', '/')

async function ask(subject: Subject, request = GET): Promise<Conversation> {
  await using running = await eventLoop.serve(subject)
  return await talk(running.port, request)
}

const bodyOf = ({ final }: Conversation): string | undefined => final?.body.toString()

describe('request.socket', () => {
  test('can be declared encrypted, as middleware behind a TLS proxy does', async () => {
    const answer = await ask((request: IncomingMessage, response: ServerResponse) => {
      const socket = request.socket as unknown as { encrypted: boolean }
      const before = socket.encrypted
      socket.encrypted = true
      response.end(JSON.stringify([before, socket.encrypted]))
    })
    expect(bodyOf(answer)).toBe('[false,true]')
  })

  test('has the server that the application made, and counts bytes', async () => {
    const server = http.createServer((request, response) => {
      const { socket } = request
      const same = (socket as unknown as { server: unknown }).server === server
      response.write('abc')
      response.end(JSON.stringify([same, socket.bytesRead, socket.bytesWritten > 3]))
    })
    const sent = GET.join('').length
    expect(bodyOf(await ask(server))).toBe(`abc[true,${sent},true]`)
  })
})

describe("an application's http.Server", () => {
  test('has its timeout honoured', async () => {
    const heard = vi.fn()
    const server = http
      .createServer(() => {})
      .setTimeout(20, (socket) => {
        heard()
        socket.destroy()
      })
    expect((await ask(server)).final?.status).toBe(500)
    expect(heard).toHaveBeenCalledOnce()
  })

  test("runs Fastify's onTimeout", async () => {
    const heard = vi.fn()
    const fastify = Fastify({ connectionTimeout: 20 })
    fastify.addHook('onTimeout', async () => heard())
    fastify.get('/', () => new Promise<string>(() => {}))
    await ask(fastify)
    expect(heard).toHaveBeenCalledOnce()
  })

  test('is warned of what has no effect, and one as Node or Fastify makes it is not', () => {
    const server = http.createServer().on('connect', () => {})
    server.keepAliveTimeout = 10
    expect(withoutEffect(server)).toEqual(['keepAliveTimeout', "listeners of 'connect'"])
    expect(withoutEffect(http.createServer())).toEqual([])
    expect(withoutEffect(Fastify().server)).toEqual([])
  })

  test('makes messages of its own classes', async () => {
    class Request extends http.IncomingMessage {
      readonly mark = 'own request'
    }
    class Response extends http.ServerResponse<Request> {
      mark = ' and own response'
      say(): void {
        this.end(this.req.mark + this.mark)
      }
      override end(...args: unknown[]): this {
        this.setHeader('X-End', 'own')
        return super.end(...(args as []))
      }
    }
    const server = http.createServer({ IncomingMessage: Request, ServerResponse: Response }, (_, response) =>
      response.say(),
    )
    const { final } = await ask(server)
    expect(final?.body.toString()).toBe('own request and own response')
    expect(final?.fields).toContainEqual(['x-end', 'own'])
    expect(final?.fields).toContainEqual(['content-length', '28'])
  })
})

describe('a method replaced on http.ServerResponse.prototype', () => {
  const { prototype } = http.ServerResponse
  const calls: string[] = []
  const names = ['writeHead', 'write', 'end'] as const
  const originals = names.map((name) => [name, Object.getOwnPropertyDescriptor(prototype, name)] as const)

  beforeEach(() => {
    calls.length = 0
    for (const name of names) {
      const original = prototype[name] as (...args: unknown[]) => unknown
      const replaced = function (this: ServerResponse, ...args: unknown[]): unknown {
        calls.push(name)
        return Reflect.apply(original, this, args)
      }
      Object.defineProperty(prototype, name, { value: replaced, configurable: true, writable: true })
    }
  })
  afterEach(() => {
    for (const [name, original] of originals) {
      if (original === undefined) Reflect.deleteProperty(prototype, name)
      else Object.defineProperty(prototype, name, original)
    }
  })

  const listeners: Readonly<Record<string, Subject>> = {
    end: (_: IncomingMessage, response: ServerResponse) => response.end('x', () => calls.push('finished')),
    'end without a body': (_: IncomingMessage, response: ServerResponse) => response.end(),
    'write, then end': (_: IncomingMessage, response: ServerResponse) => {
      response.write('a', () => calls.push('written'))
      response.end('b')
    },
    'writeHead with a length': (_: IncomingMessage, response: ServerResponse) =>
      response
        .setHeader('X-B', '1')
        .writeHead(201, 'Made', { 'X-A': ['1', '2'], 'Content-Length': 1 })
        .end('x'),
    'end in a later turn': (_: IncomingMessage, response: ServerResponse) => setImmediate(() => response.end('x')),
    Express: express().get('/', (_, response) => response.json({ a: 1 })),
  }

  for (const [name, listener] of Object.entries(listeners)) {
    test(`is reached by ${name}, and the answer is that of node:http`, async () => {
      await using node = await listen(http.createServer(listener as http.RequestListener))
      const { final: expected } = await talk(node.port, GET)
      const expectedCalls = calls.splice(0).toSorted()
      const { final } = await ask(listener)
      expect(final?.status).toBe(expected?.status)
      expect(final?.body).toEqual(expected?.body)
      expect(final?.fields.filter(([field]) => field !== 'date').toSorted()).toEqual(
        expected?.fields.filter(([field]) => field !== 'date').toSorted(),
      )
      expect(calls.toSorted()).toEqual(expectedCalls)
    })
  }
})

describe('a polka application', () => {
  const app = () => polka().get('/:name', (request, response) => void response.end(request.params.name))
  for (const [name, subject] of [
    ['itself', app() as unknown as Subject],
    ['by its handler', app().handler as unknown as Subject],
  ] as const) {
    test(`runs ${name}`, async () => {
      expect(bodyOf(await ask(subject, requestText('GET', '/hello')))).toBe('hello')
      expect((await ask(subject, requestText('GET', '/a/b'))).final?.status).toBe(404)
    })
  }
})

describe('OpenTelemetry', () => {
  test('sees one server span for each request, of an exported application and of one behind a server', async () => {
    const exporter = new InMemorySpanExporter()
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    const instrumentation = new HttpInstrumentation()
    const undo = registerInstrumentations({ instrumentations: [instrumentation], tracerProvider: provider })
    // It replaces the methods of the module when the module is required.
    require('node:http')
    try {
      const app = express().get('/hello', (_, response) => void response.status(201).end('hello'))
      for (const subject of [app, http.createServer(app)]) {
        exporter.reset()
        expect((await ask(subject, requestText('GET', '/hello?a=b'))).final?.status).toBe(201)
        await expect.poll(() => exporter.getFinishedSpans()).toHaveLength(1)
        expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({
          'http.request.method': 'GET',
          'url.path': '/hello',
          'http.response.status_code': 201,
        })
      }
    } finally {
      undo()
      await provider.shutdown()
    }
  })
})
