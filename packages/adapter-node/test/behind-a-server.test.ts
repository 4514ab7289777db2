/** What a listener sees of what only a TSGI server does: mounts, trusted proxies, limits of bodies, upgrades. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { withLifespan, type Application } from '@tsgi/spec'
import type { ServeOptions } from '@tsgi/spec/server'
import { serve } from '@tsgi/server-event-loop'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { describe, expect, test, vi } from 'vitest'
import { fromNodeListener } from '../src/from-node/index.ts'
import { collect, type Subject } from './hosts.ts'
import { requestText, talk } from './wire.ts'

async function serving(application: Application, options: ServeOptions = {}) {
  const { log, entries } = collect()
  const server = await serve(application, { listen: [{ host: '127.0.0.1', port: 0 }], log, ...options })
  const [address] = server.addresses
  if (address === undefined || address.family === 'unix') throw new Error('no port')
  return {
    port: address.port,
    log: entries,
    [Symbol.asyncDispose]: async () => void (await server.close({ graceful: 0 })),
  }
}

/** A TSGI mount at `/shop`, of whatever follows it. */
const mounted = (inner: Application): Application =>
  withLifespan(
    (environ, startResponse) =>
      inner({ ...environ, scriptName: '/shop', pathInfo: environ.pathInfo.slice('/shop'.length) }, startResponse),
    inner,
  )

describe('below a mount', () => {
  const listeners: Readonly<Record<string, Subject>> = {
    'a bare listener': (request: IncomingMessage, response: ServerResponse) => {
      const { baseUrl, originalUrl } = request as IncomingMessage & { baseUrl?: string; originalUrl?: string }
      response.end(JSON.stringify([baseUrl, request.url, originalUrl]))
    },
    Express: express().use(
      (request, response) => void response.json([request.baseUrl, request.url, request.originalUrl]),
    ),
  }
  for (const [name, listener] of Object.entries(listeners)) {
    test.for([
      ['/shop/a?b=c', ['/shop', '/a?b=c', '/shop/a?b=c']],
      ['/shop/', ['/shop', '/', '/shop/']],
      ['/shop?b', ['/shop', '/?b', '/shop?b']],
    ] as const)(`${name} sees %s as connect would give it`, async ([target, expected]) => {
      await using running = await serving(mounted(fromNodeListener(listener)))
      const { final } = await talk(running.port, requestText('GET', target))
      expect(JSON.parse(final?.body.toString() ?? '')).toEqual(expected)
    })
  }

  test('Fastify routes by the rest of the path', async () => {
    const fastify = Fastify().get('/a', async (request) => [request.url, request.originalUrl])
    await using running = await serving(mounted(fromNodeListener(fastify as never)))
    const { final } = await talk(running.port, requestText('GET', '/shop/a'))
    expect(JSON.parse(final?.body.toString() ?? '')).toEqual(['/a', '/shop/a'])
  })
})

describe('behind a trusted proxy', () => {
  const forwarded = { 'X-Forwarded-For': '10.1.2.3', 'X-Forwarded-Proto': 'https' }

  test('socket.remoteAddress is the raw peer, so that trust proxy counts each proxy once', async () => {
    const app = express().set('trust proxy', 1) as ReturnType<typeof express>
    app.get(
      '/',
      (request, response) => void response.json([request.socket.remoteAddress, request.ip, request.protocol]),
    )
    await using running = await serving(fromNodeListener(app), { trustedProxies: ['127.0.0.1'] })
    const { final } = await talk(running.port, requestText('GET', '/', forwarded))
    expect(JSON.parse(final?.body.toString() ?? '')).toEqual(['127.0.0.1', '10.1.2.3', 'https'])
  })

  test('a listener that trusts nobody is told the scheme that the server was told', async () => {
    const koa = new Koa().use((ctx) => (ctx.body = [ctx.ip, ctx.protocol]))
    await using running = await serving(fromNodeListener(koa), { trustedProxies: ['127.0.0.1'] })
    const { final } = await talk(running.port, requestText('GET', '/', forwarded))
    expect(JSON.parse(final?.body.toString() ?? '')).toEqual(['127.0.0.1', 'https'])
  })
})

describe('a body over the limit of the server', () => {
  const chunked = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n${'x'.repeat(20)}\r\n0\r\n\r\n`
  const limits = { maxBodySize: 10 }

  test('is the answer 413 where the listener does not listen for errors', async () => {
    const listener = (request: IncomingMessage, response: ServerResponse) =>
      request.resume().on('end', () => response.end('whole'))
    await using running = await serving(fromNodeListener(listener), { limits })
    expect((await talk(running.port, [chunked])).final?.status).toBe(413)
    expect(running.log).toEqual([])
  })

  test('is thrown into a loop, and uncaught the answer', async () => {
    const listener = async (request: IncomingMessage, response: ServerResponse) => {
      for await (const _ of request) continue
      response.end('whole')
    }
    await using running = await serving(fromNodeListener(listener), { limits })
    expect((await talk(running.port, [chunked])).final?.status).toBe(413)
  })

  test('is for the listener to answer where it listens', async () => {
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      request.resume().on('error', (error: Error & { status?: number }) => {
        response.statusCode = 507
        response.end(`caught ${error.status}`)
      })
    }
    await using running = await serving(fromNodeListener(listener), { limits })
    const { final } = await talk(running.port, [chunked])
    expect(final).toMatchObject({ status: 507, body: Buffer.from('caught 413') })
  })

  test("is Express's error with that status", async () => {
    const app = express()
      .use(express.text({ type: '*/*' }))
      .set('env', 'test') as ReturnType<typeof express>
    await using running = await serving(fromNodeListener(app), { limits })
    expect((await talk(running.port, [chunked])).final?.status).toBe(413)
  })
})

describe('an application', () => {
  test('is answered in one turn where the listener answers in one turn', () => {
    const application = fromNodeListener((_request: IncomingMessage, response: ServerResponse) => response.end('now'))
    const environ = {
      server: { onFinish: () => {} },
      headers: [],
      requestMethod: 'GET',
      pathInfo: '/',
      queryString: '',
      scriptName: '',
    }
    let status = 0
    expect(application(environ as never, (given) => void (status = given))).toBe('now')
    expect(status).toBe(200)
  })

  test('is closed after a minute where HEAD was answered and the listener goes on for ever', () => {
    vi.useFakeTimers()
    try {
      const closed = vi.fn<() => void>()
      const application = fromNodeListener((_, response) => {
        response.on('close', closed)
        response.write('endless')
      })
      let settle = (): void => {}
      const { signal } = new AbortController()
      const server = { signal, onFinish: (listener: () => void) => void (settle = listener) }
      const environ = { server, headers: [], requestMethod: 'HEAD', pathInfo: '/', queryString: '', scriptName: '' }
      expect(application(environ as never, () => {})).toBeNull()
      settle()
      vi.advanceTimersByTime(59_000)
      expect(closed).not.toHaveBeenCalled()
      vi.advanceTimersByTime(1000)
      expect(closed).toHaveBeenCalledTimes(1)
    } finally {
      vi.useRealTimers()
    }
  })

  test.each([
    ['HTTP/1.0', '1.0 1 0'],
    ['HTTP/2', '2.0 2 0'],
    ['HTTP/3', '3.0 3 0'],
  ])('sees %s as Node writes it', async (serverProtocol, expected) => {
    const application = fromNodeListener(({ httpVersion, httpVersionMajor, httpVersionMinor }, response) => {
      response.end(`${httpVersion} ${httpVersionMajor} ${httpVersionMinor}`)
    })
    await using server = await serving((environ, startResponse) =>
      application({ ...environ, serverProtocol }, startResponse),
    )
    const { final } = await talk(server.port, requestText('GET', '/'))
    expect(String(final?.body)).toBe(expected)
  })

  test('has no hooks where the listener has none', () => {
    const application = fromNodeListener(() => {})
    expect(Object.keys(application)).toEqual([])
  })
})
