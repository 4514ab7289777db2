/** Rare moments of a connection's life. */
import { spawnSync } from 'node:child_process'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { deferred, portOf, serving } from './serving.ts'

test('a client that has reset the connection before it was accepted is nobody, and is not served', async () => {
  const seen: unknown[] = []
  const { server } = await serving(
    (environ, start) => {
      seen.push(environ.remoteAddr)
      start(200, [])
      return null
    },
    { trustedProxies: ['unix'] },
  )
  // While this runs, nothing here does: the connection waits in the kernel's queue, its request and its end with it.
  const script = `
    const socket = require('net').connect(${portOf(server.addresses[0])}, '127.0.0.1')
    socket.write('GET / HTTP/1.1\\r\\nHost: a\\r\\nX-Forwarded-For: 198.51.100.1\\r\\n\\r\\n', () => socket.resetAndDestroy())`
  expect(spawnSync(process.execPath, ['-e', script]).status).toBe(0)
  while (server.stats().accepted === 0 || server.stats().connections > 0) await turn()
  expect(seen).toEqual([])
})

test('a client that takes nothing is left, even when an application that waits for nobody goes on writing', async () => {
  const gone = deferred<unknown>()
  const { connect } = await serving(
    (environ, start) => {
      environ.server.onFinish(gone.resolve)
      start(200, [])
      return async (out) => {
        void out.write(Buffer.alloc(20_000_000))
        while (!environ.server.signal.aborted) {
          void out.write('more')
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }
    },
    { timeouts: { write: 300 } },
  )
  const client = connect()
  client.socket.pause()
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(String(await gone.promise)).toContain('took nothing')
})

test.each([
  ['keeps writing', false],
  ['ends its body because of the signal', true],
])('a client that half-closed and takes nothing is left, also when an application %s', async (_what, stops) => {
  const over = new AbortController()
  const gone = deferred<unknown>()
  const { connect } = await serving(
    (environ, start) => {
      environ.server.onFinish((error) => {
        over.abort()
        gone.resolve(error)
      })
      const { signal } = stops ? environ.server : over
      start(200, [])
      return async (out) => {
        void out.write(Buffer.alloc(20_000_000))
        while (!signal.aborted) {
          void out.write('more')
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
      }
    },
    { timeouts: { halfClose: 300 } },
  )
  const client = connect()
  client.socket.pause()
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  client.socket.end()
  expect(String(await gone.promise)).toContain('half-closed')
})
