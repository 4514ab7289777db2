/** Clients that leave: everything that works for them is notified and ended, once. */
import type { Body } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('a client that leaves', () => {
  const kinds: Readonly<Record<string, (events: string[], go: Promise<void>) => Body>> = {
    'a sync iterable': (events) => ({
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: Buffer.alloc(65_536) }),
        return: () => (events.push('return'), { done: true as const, value: undefined }),
      }),
      close: () => void events.push('close'),
    }),
    'an async iterable': (events) => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false as const, value: Buffer.alloc(65_536) }),
        return: async () => (events.push('return'), { done: true as const, value: undefined }),
      }),
      close: () => void events.push('close'),
    }),
    'a writer': (events) =>
      Object.assign(
        async (out: { write(chunk: Uint8Array): unknown }) => {
          try {
            for (;;) await out.write(Buffer.alloc(65_536))
          } catch (error) {
            events.push((error as Error).name)
            throw error
          }
        },
        { close: () => void events.push('close') },
      ),
  }
  test.each(Object.entries(kinds))('ends %s: signal, the iterator, close, onFinish, each once', async (name, body) => {
    const events: string[] = []
    const began = deferred()
    const finished = deferred()
    const { connect, log } = await serving((environ, start) => {
      setImmediate(() => began.resolve())
      environ.server.signal.addEventListener('abort', () => events.push('abort'))
      environ.server.onFinish((error) => {
        events.push(`finish: ${(error as Error).name}`)
        finished.resolve()
      })
      start(200, [])
      return body(events, finished.promise)
    })
    const client = connect()
    client.pause()
    client.send(GET)
    await began.promise
    client.reset()
    await finished.promise
    await new Promise((resolve) => setImmediate(resolve))
    const expected =
      name === 'a writer'
        ? ['AbortError', 'abort', 'close', 'finish: AbortError']
        : ['abort', 'close', 'finish: AbortError', 'return']
    expect(events.toSorted()).toEqual(expected)
    expect(log.filter((line) => line.level === 'error')).toEqual([])
  })
  test('in the middle of an upload: the read rejects and the signal aborts', async () => {
    const called = deferred()
    const seen = deferred<unknown[]>()
    const { connect } = await serving(async (environ) => {
      const { signal } = environ.server
      called.resolve()
      try {
        for await (const _ of environ.input);
      } catch (error) {
        seen.resolve([error, signal.aborted])
      }
      return null
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc')
    await called.promise
    client.reset()
    expect(await seen.promise).toMatchObject([{ status: 400 }, true])
  })
  test('a body that comes after is closed, not iterated', async () => {
    const called = deferred()
    const go = deferred()
    const closed = deferred()
    let iterated = false
    const { connect } = await serving(async (environ, start) => {
      called.resolve()
      environ.server.signal.addEventListener('abort', () => go.resolve())
      await go.promise
      start(200, [])
      return {
        [Symbol.iterator]: () => {
          iterated = true
          return ['a'].values()
        },
        close: () => closed.resolve(),
      }
    })
    const client = connect().send(GET)
    await called.promise
    client.reset()
    await closed.promise
    expect(iterated).toBe(false)
  })
  test('the signal never aborts after a complete response', async () => {
    let signal: AbortSignal | undefined
    const { get } = await serving((environ, start) => {
      signal = environ.server.signal
      start(200, [])
      return 'a'
    })
    await get('/')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(signal?.aborted).toBe(false)
  })
})
