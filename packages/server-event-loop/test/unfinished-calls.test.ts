/** The end waits for calls of the application that go on for a client that has left, as it does for responses. */
import type { Application } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

test('shutdown comes after the last call, and the body it gives back is closed first', async () => {
  const told: string[] = []
  const called = deferred()
  const aborted = deferred()
  const go = deferred()
  const app: Application = async (environ, start) => {
    environ.server.signal.addEventListener('abort', () => aborted.resolve())
    called.resolve()
    await go.promise
    start(200, [])
    told.push('returned')
    return {
      [Symbol.iterator]: () => {
        throw new Error('iterated too late')
      },
      close: () => void told.push('closed'),
    }
  }
  app.shutdown = () => void told.push('shutdown')
  const { server, connect } = await serving(app)
  const client = connect().send(GET)
  await called.promise
  client.socket.resetAndDestroy()
  await aborted.promise
  const closing = server.close().then((result) => told.push(`cut off ${result.cutOff}`))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(told).toEqual([])
  go.resolve()
  await closing
  expect(told).toEqual(['returned', 'closed', 'shutdown', 'cut off 0'])
})

test('so it does for a function that writes its body, and for what a generator does in the end', async () => {
  for (const kind of ['function', 'generator']) {
    const told: string[] = []
    const began = deferred()
    const go = deferred()
    const app: Application = (_environ, start) => {
      start(200, [])
      if (kind === 'function') {
        return async (out) => {
          for (;;) {
            try {
              await out.write('more')
              began.resolve()
              await new Promise((resolve) => setImmediate(resolve))
            } catch {
              await go.promise
              told.push('ended')
              return
            }
          }
        }
      }
      return (async function* () {
        try {
          for (;;) {
            yield 'more'
            began.resolve()
            await new Promise((resolve) => setImmediate(resolve))
          }
        } finally {
          await go.promise
          told.push('ended')
        }
      })()
    }
    app.shutdown = () => void told.push('shutdown')
    const { server, connect } = await serving(app)
    const client = connect().send(GET)
    await began.promise
    client.socket.resetAndDestroy()
    await client.toClose()
    await expect.poll(() => server.stats().connections).toBe(0)
    const closing = server.close()
    setTimeout(() => go.resolve(), 50)
    await closing
    expect(told).toEqual(['ended', 'shutdown'])
  }
})

test('a call that never returns is given up at the graceful limit, and told', async () => {
  const called = deferred()
  const never = deferred<null>()
  const { server, log, connect } = await serving(() => {
    called.resolve()
    return never.promise
  })
  const client = connect().send(GET)
  await called.promise
  client.socket.resetAndDestroy()
  await expect.poll(() => server.stats().connections).toBe(0)
  expect(await server.close({ graceful: 100 })).toEqual({ cutOff: 0 })
  expect(log.at(-1)).toMatchObject({ level: 'warn', message: expect.stringContaining('a call of the application') })
  never.resolve(null)
})
