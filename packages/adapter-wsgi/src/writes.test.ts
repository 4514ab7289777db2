import type { Application, StreamingBody } from '@tsgi/spec'
import { describe, expect, test, vi } from 'vitest'
import { run, TestServer } from '../test/run.ts'
import { fromWsgi } from './from-wsgi.ts'
import type { WsgiFunction, WsgiResult } from './wsgi.ts'

const HEAD = ['200 OK', [['Content-Type', 'text/plain']]] as const

/** An application that writes, then returns. */
const writing =
  (written: readonly string[], result: () => WsgiResult): WsgiFunction =>
  (_environ, start_response) => {
    const write = start_response(...HEAD)
    for (const data of written) void write(data)
    return result()
  }

describe('an application that is not async', () => {
  test.each<[string, () => WsgiResult]>([
    ['an array', () => ['c']],
    ['a string', () => 'c'],
    ['bytes', () => Buffer.from('c') as unknown as WsgiResult],
    ['an iterator', () => ['c'].values()],
    [
      'an async generator',
      async function* () {
        yield 'c'
      },
    ],
  ])('sends what it wrote before %s', async (_, result) => {
    expect(await run(fromWsgi(writing(['a', 'b'], result)))).toMatchObject({ chunks: ['a', 'b', 'c'] })
  })

  test('what it returns is closed, once', async () => {
    const close = vi.fn()
    await run(fromWsgi(writing(['a'], () => Object.assign(['b'].values(), { close }))))
    expect(close).toHaveBeenCalledOnce()
  })

  test('may not write while it is iterated', async () => {
    const app = fromWsgi(function* (_environ, start_response) {
      const write = start_response(...HEAD)
      yield 'a'
      void write('b')
    })
    await expect(run(app)).rejects.toThrow('PEP 3333 forbids')
  })

  test('an error after a write is thrown by start_response, as the head counts as sent', async () => {
    const error = new Error('half-way')
    const app: WsgiFunction = (_environ, start_response) => {
      const write = start_response(...HEAD)
      void write('a')
      start_response('500 Oops', [], [Error, error, null])
      return []
    }
    await expect(run(fromWsgi(app))).rejects.toBe(error)
  })

  test('an empty write does not count as sent', async () => {
    const app: WsgiFunction = (_environ, start_response) => {
      const write = start_response(...HEAD)
      void write('')
      start_response('500 Oops', [], new Error('in time'))
      return ['sorry']
    }
    expect(await run(fromWsgi(app))).toMatchObject({ status: 500, body: 'sorry' })
  })

  test('write takes text and bytes only', async () => {
    const app: WsgiFunction = (_environ, start_response) => {
      void start_response(...HEAD)(7 as unknown as string)
      return []
    }
    await expect(run(fromWsgi(app))).rejects.toThrow('write takes a string or bytes; came number')
  })

  test.each([undefined, null, 7, {}, () => {}])('returning %o is an error that says what to return', async (result) => {
    await expect(run(fromWsgi((() => result) as unknown as WsgiFunction))).rejects.toThrow("such as ['Hello")
  })
})

describe('an async application', () => {
  const started = async (app: WsgiFunction, server = new TestServer()) =>
    (await fromWsgi(app)(server.environ({}), () => {})) as StreamingBody

  test('begins its response at the first write, long before it returns', async () => {
    const returned = Promise.withResolvers<WsgiResult>()
    const body = await started(async (_environ, start_response) => {
      await start_response(...HEAD)('a')
      return returned.promise
    })
    const out = { write: vi.fn(), flush: vi.fn() }
    const done = body(out)
    await vi.waitFor(() => expect(out.write.mock.calls).toEqual([['a']]))
    returned.resolve(['b'])
    await done
    expect(out.write.mock.calls).toEqual([['a'], ['b']])
  })

  test('writes in order whether or not it waits, and waits for the client where it does', async () => {
    const room = Promise.withResolvers<void>()
    const went: string[] = []
    const body = await started(async (_environ, start_response) => {
      const write = start_response(...HEAD)
      void write('a')
      void write('b')
      await write('c')
      went.push('on')
      return ['d']
    })
    const out = { write: vi.fn((chunk) => (chunk === 'c' ? room.promise : undefined)), flush() {} }
    const done = body(out)
    await vi.waitFor(() => expect(out.write).toHaveBeenCalledTimes(3))
    expect(went).toEqual([])
    room.resolve()
    await done
    expect(out.write.mock.calls.flat()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('that never waits is still sent in order, what it returns last', async () => {
    const body = await started(async (_environ, start_response) => {
      const write = start_response(...HEAD)
      for (const data of ['a', 'b', 'c']) void write(data)
      return ['d']
    })
    const sent: unknown[] = []
    await body({ write: async (chunk) => void sent.push(chunk), flush() {} })
    expect(sent).toEqual(['a', 'b', 'c', 'd'])
  })

  test('that does not write has the body that it returns', async () => {
    const app: Application = fromWsgi(async (_environ, start_response) => {
      start_response(...HEAD)
      return ['a']
    })
    expect(await app(new TestServer().environ({}), () => {})).toEqual(['a'])
  })

  test('that fails after a write fails the stream; before, the call', async () => {
    const failing =
      (written: readonly string[]): WsgiFunction =>
      async (_environ, start_response) => {
        const write = start_response(...HEAD)
        for (const data of written) void write(data)
        throw new Error('half-way')
      }
    await expect(started(failing([]))).rejects.toThrow('half-way')
    const body = await started(failing(['a']))
    await expect(body({ write() {}, flush() {} })).rejects.toThrow('half-way')
  })

  test('is told by its write that the client left, and what it returns is closed', async () => {
    const close = vi.fn()
    const left = new Error('gone')
    const body = await started(async (_environ, start_response) => {
      const write = start_response(...HEAD)
      await expect(write('a')).rejects.toBe(left)
      return Object.assign(['b'].values(), { close })
    })
    await expect(body({ write: () => Promise.reject(left), flush() {} })).rejects.toBe(left)
    expect(close).toHaveBeenCalledOnce()
  })

  test('whose body is closed unread, as for HEAD, runs to its end unknowing', async () => {
    const close = vi.fn()
    const body = await started(async (_environ, start_response) => {
      await start_response(...HEAD)('a')
      return Object.assign(['b'].values(), { close })
    })
    await body.close?.()
    expect(close).toHaveBeenCalledOnce()
  })

  test('whose body is closed unread because the client left is told', async () => {
    const server = new TestServer()
    const told = vi.fn()
    const body = await started(async (_environ, start_response) => {
      await start_response(...HEAD)('a').catch(told)
      return []
    }, server)
    server.leave()
    await body.close?.()
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ message: expect.stringContaining('the client has left') }),
    )
  })
})
