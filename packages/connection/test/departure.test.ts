/** A client that ends its side may have left, or wait for its answer: `signal` aborts, and nothing else changes (SPEC G.4, G.5). */
import type { Application } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { held } from './held-transport.ts'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const GONE = { name: 'AbortError', code: 'TSGI_ERR_CLIENT_GONE' }

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

test('signal aborts at once, with an AbortError for its reason, and the answer is still delivered', async () => {
  const { connect } = await serving(async (environ, start) => {
    const { signal } = environ.server
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    start(200, [])
    return JSON.stringify({
      name: signal.reason.name,
      code: signal.reason.code,
      isError: signal.reason instanceof Error,
    })
  })
  const client = connect().send(GET)
  client.end()
  const [response] = await client.responses(1)
  expect(JSON.parse(response?.body ?? '')).toEqual({ ...GONE, isError: true })
})

test('a signal that is asked for afterwards is aborted', async () => {
  const signal = deferred<AbortSignal>()
  const go = deferred()
  const { wire } = held(async (environ, start) => {
    await go.promise
    signal.resolve(environ.server.signal)
    start(200, [])
    return 'delivered'
  })
  wire.receive(GET)
  wire.receiveEnd()
  go.resolve()
  expect((await signal.promise).reason).toMatchObject(GONE)
  await turn()
  expect(wire.sent).toMatch(/delivered$/)
})

test('a body is neither left nor closed before the client is gone for certain', async () => {
  const events: string[] = []
  const finished = deferred<unknown>()
  const { wire } = held(
    (environ, start) => {
      environ.server.signal.addEventListener('abort', () => events.push('abort'))
      environ.server.onFinish(finished.resolve)
      start(200, [])
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<IteratorResult<string>>(() => {}),
          return: async () => {
            events.push('return')
            return { done: true, value: undefined }
          },
        }),
        close: () => void events.push('close'),
      }
    },
    { timeouts: { halfClose: 40 } },
  )
  wire.receive(GET)
  wire.receiveEnd()
  await turn()
  expect(events).toEqual(['abort'])
  expect(await finished.promise).toMatchObject(GONE)
  expect(events).toEqual(['abort', 'return', 'close'])
})

test('a request that is answered at once has no signal that aborts, however soon the client ends its side', async () => {
  const signals: AbortSignal[] = []
  const { wire } = held((environ, start) => {
    signals.push(environ.server.signal)
    start(200, [])
    return 'at once'
  })
  wire.receive(GET + GET)
  wire.receiveEnd()
  await turn()
  expect(wire.sent.match(/at once/g)).toHaveLength(2)
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
})

test('a request that is begun after the client ended its side gets the same notice', async () => {
  const aborted: string[] = []
  const { wire } = held(async (environ, start) => {
    environ.server.signal.addEventListener('abort', () => aborted.push(environ.pathInfo))
    await turn()
    start(200, [])
    return environ.pathInfo
  })
  wire.receive(GET + GET.replace('/', '/second'))
  wire.receiveEnd()
  await expect.poll(() => wire.state).not.toBe('open')
  expect(wire.sent).toMatch(/\/second$/)
  expect(aborted).toEqual(['/', '/second'])
})

test('a body that was sent whole stays readable', async () => {
  const { wire } = held(async (environ, start) => {
    await new Promise((resolve) => environ.server.signal.addEventListener('abort', resolve))
    let size = 0
    for await (const bytes of environ.input) size += bytes.length
    start(200, [])
    return `read ${size}`
  })
  wire.receive('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345')
  wire.receiveEnd()
  await expect.poll(() => wire.sent).toMatch(/read 5$/)
})

const stopping: [string, Application][] = [
  [
    'rejects with the reason of its signal',
    async ({ server: { signal } }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw signal.reason
    },
  ],
  [
    'rejects with an error that has this reason for its cause',
    async ({ server: { signal } }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw new Error('the query was cancelled', { cause: signal.reason })
    },
  ],
  [
    'returns without having answered',
    async ({ server: { signal } }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return null
    },
  ],
  [
    'ends a body before its declared length',
    ({ server: { signal } }, start) => {
      start(200, ['content-length', '10'])
      return async (out) => {
        await out.write('begun')
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      }
    },
  ],
  [
    'throws the reason from its body',
    ({ server: { signal } }, start) => {
      start(200, [])
      return (async function* () {
        yield 'begun'
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        signal.throwIfAborted()
      })()
    },
  ],
]
test.each(stopping)('an application that stops for its client is no failure: it %s', async (_how, app) => {
  const finished = deferred<unknown>()
  const logged: string[] = []
  const { wire } = held(
    (environ, start) => {
      environ.server.onFinish(finished.resolve)
      return app(environ, start)
    },
    { log: (level, message) => logged.push(`${level}: ${message}`) },
  )
  wire.receive(GET)
  await turn()
  wire.receiveEnd()
  expect(await finished.promise).toMatchObject(GONE)
  expect(wire.state).toBe('destroyed')
  expect(logged).toEqual([])
  expect(wire.sent).not.toMatch(/0\r\n\r\n$|500/)
})

test('an application that fails for a reason of its own has failed, also after its client ended its side', async () => {
  const logged: string[] = []
  const { wire } = held(
    async ({ server: { signal } }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw new Error('out of order')
    },
    { log: (level, message) => logged.push(`${level}: ${message}`) },
  )
  wire.receive(GET)
  wire.receiveEnd()
  await expect.poll(() => wire.sent).toMatch(/^HTTP\/1.1 500 /)
  expect(logged).toEqual(['error: the application failed: GET /'])
})
