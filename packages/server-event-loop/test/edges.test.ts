/** Rare moments of a connection's life. */
import { spawnSync } from 'node:child_process'
import { setImmediate as turn } from 'node:timers/promises'
import type { Application } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { portOf, serving } from './serving.ts'

const hello: Application = (_environ, start) => {
  start(200, [])
  return 'hello'
}

test('an empty line after a request leaves the connection as idle as it was', async () => {
  const { connect } = await serving(hello, { timeouts: { headers: 60, keepAlive: 200 } })
  const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab\r\n')
  expect((await client.toEnd()).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200'])
})

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
