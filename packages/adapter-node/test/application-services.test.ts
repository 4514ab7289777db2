/** TSGI applications on `node:http`, by clause of SPEC.md: `environ.server`, and the lifespan. */
import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import type { Application, Environ, UpgradeHandler } from '@tsgi/spec'
import { describe, expect, test, vi } from 'vitest'
import { toNodeListener } from '../src/to-node/index.ts'
import { GET, TEXT, host } from './application-host.ts'
import { talk } from './wire.ts'

describe('services', () => {
  test('U.3: early hints', async () => {
    await using running = await host((environ, startResponse) => {
      environ.server.earlyHints?.(['link', '</a>; rel=preload', 'link', '</b>; rel=preload'])
      startResponse(200, TEXT)
      return 'x'
    })
    const { interim } = await talk(running.port, GET)
    expect(interim).toMatchObject([
      {
        status: 103,
        fields: [
          ['link', '</a>; rel=preload'],
          ['link', '</b>; rel=preload'],
        ],
      },
    ])
  })

  test.for(['text', 'stream'])('U.4: trailers follow a body that is %s', async (kind) => {
    await using running = await host((environ, startResponse) => {
      environ.server.trailers?.(() => ['x-sum', '1', 'x-sum', '2'])
      startResponse(200, TEXT)
      return kind === 'text'
        ? 'x'
        : (function* body() {
            yield 'x'
          })()
    })
    const { final } = await talk(running.port, GET)
    expect(final).toMatchObject({
      complete: true,
      trailers: [
        ['x-sum', '1'],
        ['x-sum', '2'],
      ],
    })
  })

  test('U.8: draining aborts when the server begins to close, of the requests that are unfinished then', async () => {
    const server = http.createServer()
    const signals: (AbortSignal | undefined)[] = []
    const listener = toNodeListener((environ, startResponse) => {
      const { draining } = environ.server
      signals.push(draining)
      startResponse(200, TEXT)
      if (environ.pathInfo === '/done') return 'done'
      return async (out) => {
        await out.write('open, ')
        await new Promise((resolve) => draining?.addEventListener('abort', resolve))
        await out.write('closed')
      }
    })
    server.on('request', listener)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    await (await fetch(`http://127.0.0.1:${port}/done`)).text()
    const open = await fetch(`http://127.0.0.1:${port}/`)
    server.close()
    expect(await open.text()).toBe('open, closed')
    server.closeAllConnections()
    expect(signals.map((signal) => signal?.aborted)).toEqual([false, true])
  })

  test('U.8: an upgraded connection is notified too', async () => {
    const server = http.createServer()
    const asked = Promise.withResolvers<AbortSignal | undefined>()
    toNodeListener((environ) => {
      const { draining, upgrade } = environ.server
      asked.resolve(draining)
      return (
        upgrade?.call(environ.server, 'echo', [], async (_input, out) => {
          await new Promise((resolve) => draining?.addEventListener('abort', resolve))
          await out.write('bye')
        }) ?? null
      )
    }).attach(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
    let text = ''
    client.setEncoding('latin1').on('data', (data) => (text += data))
    client.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n')
    await asked.promise
    server.close()
    await once(client, 'close')
    expect(text).toMatch(/\r\n\r\nbye$/)
  })

  test('U.1: HTTP/1.0 has neither', async () => {
    let server: Environ['server'] | null = null
    await using running = await host((environ, startResponse) => {
      server = environ.server
      startResponse(200, TEXT)
      return 'x'
    })
    await talk(running.port, ['GET / HTTP/1.0\r\n\r\n'])
    expect(server).not.toHaveProperty('earlyHints')
    expect((server as unknown as Environ['server']).earlyHints).toBeUndefined()
    expect((server as unknown as Environ['server']).trailers).toBeUndefined()
  })

  const kept = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  const upgrading = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'

  test('U.5, U.6: upgrade hands the connection over', async () => {
    const over = Promise.withResolvers<unknown>()
    await using running = await host((environ, startResponse) => {
      environ.server.onFinish(over.resolve)
      if (environ.server.upgrade === undefined) {
        startResponse(426, ['upgrade', 'echo'])
        return null
      }
      return environ.server.upgrade('echo', ['x-a', '1'], async (input, out) => {
        for await (const chunk of input) await out.write(Buffer.from(chunk).toString().toUpperCase())
      })
    })
    const socket = net.connect({ port: running.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.write(`${upgrading}early`)
    setTimeout(() => socket.end(' late'), 20)
    let text = ''
    for await (const data of socket) text += String(data)
    expect(text).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\nx-a: 1\r\n\r\nEARLY LATE',
    )
    expect(await over.promise).toBeUndefined()
    expect((await talk(running.port, GET)).final?.status).toBe(426)
  })

  test('U.6: the connection of a handler that is done ends, though its client does not', async () => {
    const server = http.createServer()
    toNodeListener((environ) => environ.server.upgrade?.('echo', [], () => {}) ?? null).attach(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const accepted = once(server, 'connection') as Promise<[net.Socket]>
      const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      client.write(`${upgrading}more`)
      await once(client.resume(), 'end')
      const [socket] = await accepted
      expect(socket.destroyed).toBe(false)
      vi.advanceTimersByTime(5000)
      expect(socket.destroyed).toBe(true)
      client.destroy()
    } finally {
      vi.useRealTimers()
      server.close()
    }
  })

  test('U.6: a client that leaves ends the connection without a word in the log', async () => {
    const over = Promise.withResolvers<unknown>()
    const seen: string[] = []
    await using running = await host((environ) => {
      environ.server.onFinish(over.resolve)
      environ.server.signal.addEventListener('abort', () => seen.push('aborted'))
      const run: UpgradeHandler = async (_input, out) => {
        try {
          for (;;) {
            await out.write('tick'.repeat(10_000))
            await new Promise((resolve) => setImmediate(resolve))
          }
        } finally {
          seen.push('ended')
        }
      }
      return environ.server.upgrade?.('echo', [], run) ?? null
    })
    const socket = net.connect(running.port, '127.0.0.1')
    socket.write(upgrading)
    await once(socket, 'data')
    socket.resetAndDestroy()
    expect(await over.promise).toMatchObject({ name: 'AbortError' })
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(['aborted', 'ended']))
    expect(running.log).toEqual([])
  })

  test('U.6: a client that leaves ends a handler that reads, without a word in the log', async () => {
    const over = Promise.withResolvers<unknown>()
    await using running = await host((environ) => {
      environ.server.onFinish(over.resolve)
      const run: UpgradeHandler = async (input) => {
        for await (const _ of input);
      }
      return environ.server.upgrade?.('echo', [], run) ?? null
    })
    const socket = net.connect(running.port, '127.0.0.1')
    socket.write(upgrading)
    await once(socket, 'data')
    socket.resetAndDestroy()
    expect(await over.promise).toMatchObject({ name: 'AbortError' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(running.log).toEqual([])
  })

  test('U.5: who does not upgrade answers as ever', async () => {
    await using running = await host((_, startResponse) => {
      startResponse(200, TEXT)
      return (async function* body() {
        for (let i = 0; i < 50; i++) yield 'x'.repeat(50_000)
      })()
    })
    const { final } = await talk(running.port, upgrading)
    expect(final).toMatchObject({ status: 200, complete: true })
    expect(final?.body).toHaveLength(2_500_000)
  })

  test('U.6: a request behind another of a pipeline upgrades once that is answered', async () => {
    await using running = await host(async (environ, startResponse) => {
      if (environ.server.upgrade !== undefined) {
        return environ.server.upgrade('echo', [], async (_input, out) => {
          await out.write('upgraded')
        })
      }
      await new Promise((resolve) => setImmediate(resolve))
      startResponse(200, ['content-length', '500000'])
      return (async function* () {
        for (let i = 0; i < 10; i++) yield 'x'.repeat(50_000)
      })()
    })
    const client = net.connect(running.port, '127.0.0.1')
    let text = ''
    client.setEncoding('latin1').on('data', (data) => (text += data))
    client.write(`${kept}${upgrading}`)
    await once(client, 'end')
    expect(text).toMatch(/^HTTP\/1.1 200 OK[^]*\r\n\r\nx{500000}HTTP\/1.1 101 [^]*\r\n\r\nupgraded$/)
  })

  test.each(['connect', 'upgrade'])('a client that leaves before its %s begins ends nothing else', async (kind) => {
    await using running = await host((environ, startResponse) => {
      if (environ.pathInfo === '/next') {
        startResponse(200, TEXT)
        return 'next'
      }
      startResponse(200, TEXT)
      return (async function* () {
        yield 'begun'
        await new Promise((resolve) => environ.server.signal.addEventListener('abort', resolve))
      })()
    })
    const client = net.connect(running.port, '127.0.0.1')
    const connect = 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'
    client.write(`${kept}${kind === 'connect' ? connect : upgrading}`)
    await once(client, 'data')
    client.resetAndDestroy()
    const { final } = await talk(running.port, ['GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'])
    expect(final?.body.toString()).toBe('next')
  })

  test('U.5: a request with a body is read, and offered no upgrade', async () => {
    await using running = await host(async (environ, startResponse) => {
      let body = ''
      for await (const bytes of environ.input) body += Buffer.from(bytes).toString()
      startResponse(200, TEXT)
      return `${environ.server.upgrade === undefined} ${body}`
    })
    const [line = ''] = upgrading.split('\r\n\r\n')
    const head = line.replace('GET', 'POST')
    for (const body of [
      'Content-Length: 5\r\n\r\nhello',
      'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    ]) {
      const { final } = await talk(running.port, [`${head}\r\n${body}`])
      // Up to Node 24 `node:http` does not give it out.
      const given = Number(process.versions.node.split('.')[0]) > 24
      expect(final?.body.toString()).toBe(given ? 'true hello' : '400 Bad Request\n')
    }
  })

  test('U.6: a protocol that was not asked for is refused', async () => {
    await using running = await host((environ) => environ.server.upgrade?.('other', [], () => {}) ?? null)
    expect((await talk(running.port, upgrading)).final?.status).toBe(500)
    expect(running.log[0]).toContain('expected a protocol that the client asked for (echo), got "other"')
  })
})

describe('the lifespan', () => {
  const withHooks = (startup: () => Promise<void>) => {
    const calls: string[] = []
    const application: Application = (_, startResponse) => {
      calls.push('request')
      startResponse(200, TEXT)
      return 'x'
    }
    application.startup = async () => {
      calls.push('startup')
      await startup()
    }
    application.shutdown = async () => void calls.push('shutdown')
    return { application, calls }
  }

  test('M.1, M.2: startup once before the first request, shutdown once when the server has closed', async () => {
    const { application, calls } = withHooks(() => new Promise((resolve) => setTimeout(resolve, 20)))
    {
      await using running = await host(application)
      await Promise.all([talk(running.port, GET), talk(running.port, GET)])
    }
    await vi.waitFor(() => expect(calls).toEqual(['startup', 'request', 'request', 'shutdown']))
  })

  test('M.1: a startup that fails is answered with 500, is never tried again, and has no shutdown', async () => {
    const { application, calls } = withHooks(() => Promise.reject(new Error('no database')))
    {
      await using running = await host(application)
      expect((await talk(running.port, GET)).final?.status).toBe(500)
      expect((await talk(running.port, GET)).final?.status).toBe(500)
      expect(running.log[0]).toContain('no database')
      await expect(running.listener.startup()).rejects.toThrow('no database')
    }
    expect(calls).toEqual(['startup'])
  })
})
