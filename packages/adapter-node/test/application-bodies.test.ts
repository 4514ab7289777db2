/** TSGI applications on `node:http`, by clause of SPEC.md: bodies and their ends. */
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import type { Application, Body, BodyWriter } from '@tsgi/spec'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { toNodeListener } from '../src/to-node/index.ts'
import { GET, TEXT, host } from './application-host.ts'
import { listen } from './hosts.ts'
import { settled, talk } from './wire.ts'

describe('bodies', () => {
  const bodies: Readonly<Record<string, () => ReturnType<Application>>> = {
    'a generator': () =>
      (function* body() {
        yield 'a'
        yield Buffer.from('b')
      })(),
    'an async generator': () =>
      (async function* body() {
        yield 'a'
        await Promise.resolve()
        yield 'b'
      })(),
    'a function': () => async (out: BodyWriter) => {
      await out.write('a')
      await out.flush()
      await out.write('b')
    },
    'a function that does not wait': () => (out: BodyWriter) => {
      void out.write('a')
      void out.write('b')
    },
    'a promise of a string': () => Promise.resolve('ab'),
  }
  for (const [name, make] of Object.entries(bodies)) {
    test(`B.1: ${name}`, async () => {
      await using running = await host((_, startResponse) => {
        startResponse(200, TEXT)
        return make()
      })
      expect((await talk(running.port, GET)).final).toMatchObject({
        status: 200,
        complete: true,
        body: Buffer.from('ab'),
      })
      expect(running.log).toEqual([])
    })
  }

  test.for(['a generator', 'an async generator', 'a function'])(
    'B.5, B.7: %s is not ahead of its client',
    async (kind) => {
      let made = 0
      const chunk = (): Uint8Array => {
        made += 50_000
        return Buffer.alloc(50_000)
      }
      const body = (): Body => {
        if (kind === 'a function') {
          return async (out) => {
            for (let i = 0; i < 800; i++) await out.write(chunk())
          }
        }
        if (kind === 'a generator') {
          return (function* chunks() {
            for (let i = 0; i < 800; i++) yield chunk()
          })()
        }
        return (async function* chunks() {
          for (let i = 0; i < 800; i++) yield chunk()
        })()
      }
      await using running = await host((_, startResponse) => {
        startResponse(200, TEXT)
        return body()
      })
      const socket = net.connect(running.port, '127.0.0.1').pause()
      for (const part of GET) socket.write(part)
      expect(await settled(() => made)).toBeLessThan(12_000_000)
      let received = 0
      for await (const data of socket) received += (data as Buffer).length
      expect(received).toBeGreaterThan(800 * 50_000)
    },
  )

  test.for([
    ['undefined', undefined],
    ['a number', 5],
    ['an object', {}],
    ['an array with a number', [5]],
  ])('B.1: %s is none', async ([, body]) => {
    await using running = await host((_, startResponse) => {
      startResponse(200, TEXT)
      return body as never
    })
    expect((await talk(running.port, GET)).final?.status).toBe(500)
    expect(running.log).toHaveLength(1)
  })

  test('F.4: a body without startResponse is answered with 500', async () => {
    await using running = await host(() => 'x')
    expect((await talk(running.port, GET)).final?.status).toBe(500)
    expect(running.log[0]).toContain('expected startResponse before a body')
  })

  test('F.1: errors are shown in development only', async () => {
    const application: Application = () => {
      throw new Error('secret')
    }
    await using running = await host(application)
    expect((await talk(running.port, GET)).final?.body.toString()).toBe('500 Internal Server Error\n')
    await using open = await host(application, { development: true })
    expect((await talk(open.port, GET)).final?.body.toString()).toContain('Error: secret')
  })

  test('sync stays sync: a string is answered in the turn of the request', async () => {
    let answered = false
    const listener = toNodeListener((_, startResponse) => {
      startResponse(200, TEXT)
      return 'now'
    })
    const server = http.createServer((request, response) => {
      listener(request, response)
      answered = response.writableEnded
    })
    await using running = await listen(server)
    await talk(running.port, GET)
    expect(answered).toBe(true)
  })
})

describe('endings', () => {
  test.for(['null', 'text', 'generator', 'never pulled', 'throws', 'leaves'])(
    'G.1, G.7: %s is closed once, then finished',
    async (kind) => {
      const events: string[] = []
      const over = Promise.withResolvers<void>()
      await using running = await host((environ, startResponse) => {
        environ.server.onFinish((error) => {
          events.push(error === undefined ? 'finished' : 'failed')
          over.resolve()
        })
        startResponse(kind === 'never pulled' ? 204 : 200, [])
        if (kind === 'null') return null
        if (kind === 'text') return 'text'
        return {
          async *[Symbol.asyncIterator]() {
            try {
              yield 'a'
              if (kind === 'throws') throw new Error('mine')
              if (kind === 'leaves')
                for (;;) {
                  await new Promise((resolve) => setImmediate(resolve))
                  yield 'more'
                }
            } finally {
              events.push('returned')
            }
          },
          close: () => void events.push('closed'),
        }
      })
      await talk(running.port, GET, (socket) => {
        if (kind === 'leaves') socket.once('data', () => socket.resetAndDestroy())
      })
      await over.promise
      const expected: Readonly<Record<string, readonly string[]>> = {
        null: ['finished'],
        text: ['finished'],
        generator: ['returned', 'closed', 'finished'],
        'never pulled': ['closed', 'finished'],
        throws: ['returned', 'closed', 'failed'],
        leaves: ['closed', 'failed', 'returned'],
      }
      await vi.waitFor(() => expect(events.toSorted()).toEqual(expected[kind]?.toSorted()))
      expect(events.indexOf('closed')).toBeLessThan(events.findIndex((event) => event.startsWith('f')))
    },
  )

  test('G.5: when the client leaves, signal aborts and writes reject', async () => {
    const seen: string[] = []
    const over = Promise.withResolvers<void>()
    await using running = await host((environ, startResponse) => {
      environ.server.signal.addEventListener('abort', () => seen.push('aborted'))
      startResponse(200, TEXT)
      return async (out) => {
        try {
          for (;;) {
            await out.write('x'.repeat(10_000))
            await new Promise((resolve) => setImmediate(resolve))
          }
        } catch (error) {
          seen.push((error as Error).name)
          over.resolve()
          throw error
        }
      }
    })
    await talk(running.port, GET, (socket) => socket.once('data', () => socket.resetAndDestroy()))
    await over.promise
    expect(seen).toEqual(['aborted', 'AbortError'])
    expect(running.log).toEqual([])
  })

  test('U.7: signal does not abort where the response was sent', async () => {
    let signal: AbortSignal | null = null
    const over = Promise.withResolvers<void>()
    await using running = await host(({ server }, startResponse) => {
      signal = server.signal
      server.onFinish(() => over.resolve())
      startResponse(200, TEXT)
      return 'x'
    })
    await talk(running.port, GET)
    await over.promise
    expect((signal as unknown as AbortSignal).aborted).toBe(false)
  })

  test('G.6: a body that comes after the client left is closed, not pulled', async () => {
    const closed = Promise.withResolvers<void>()
    let pulled = false
    const left = Promise.withResolvers<void>()
    await using running = await host(async (environ, startResponse) => {
      environ.server.signal.addEventListener('abort', () => left.resolve())
      await left.promise
      startResponse(200, TEXT)
      return {
        *[Symbol.iterator]() {
          pulled = true
          yield 'x'
        },
        close: closed.resolve,
      }
    })
    const socket = net.connect(running.port, '127.0.0.1')
    await once(socket, 'connect')
    for (const part of GET) socket.write(part)
    setTimeout(() => socket.resetAndDestroy(), 20)
    await closed.promise
    expect(pulled).toBe(false)
  })

  test('G.5: signal aborts when a client ends its side, which is answered all the same', async () => {
    await using running = await host(async (environ, startResponse) => {
      const { signal } = environ.server
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      startResponse(200, TEXT)
      return `delivered after ${signal.reason.name}`
    })
    const socket = net.connect({ port: running.port, host: '127.0.0.1', allowHalfOpen: true })
    // More requests than a socket may have listeners without a warning.
    const warnings: string[] = []
    const warn = (warning: Error): void => void warnings.push(warning.name)
    process.on('warning', warn)
    onTestFinished(() => void process.off('warning', warn))
    socket.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20))
    let answers = ''
    for await (const bytes of socket) answers += bytes
    expect(answers.match(/delivered after AbortError/g)).toHaveLength(20)
    expect(warnings).toEqual([])
  })

  test('F.7: an application that stops because its signal aborted has not failed', async () => {
    const over = Promise.withResolvers<unknown>()
    await using running = await host(async (environ) => {
      environ.server.onFinish(over.resolve)
      const { signal } = environ.server
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw signal.reason
    })
    const socket = net.connect({ port: running.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.resume()
    expect(await over.promise).toMatchObject({ name: 'AbortError' })
    expect(running.log).toEqual([])
  })

  test('G.4: a silent client that has sent EOF is gone after the half-close timeout', async () => {
    const over = Promise.withResolvers<unknown>()
    await using running = await host(
      (environ, startResponse) => {
        environ.server.onFinish(over.resolve)
        startResponse(200, TEXT)
        return (out) => {
          void out.write('first')
          return new Promise(() => {})
        }
      },
      { timeouts: { halfClose: 50 } },
    )
    const socket = net.connect({ port: running.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.resume()
    socket.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await over.promise).toBeInstanceOf(Error)
    socket.destroy()
  })
})
