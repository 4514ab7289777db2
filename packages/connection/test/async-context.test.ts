/** What one call does to its asynchronous context is not seen by the next (SPEC C.6). */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setSharedReads } from '@tsgi/connection'
import { afterEach, expect, test } from 'vitest'
import { serving } from './serving.ts'

const PATHS = ['/sync', '/async', '/stream', '/sync', '/async']
const requests = PATHS.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)

afterEach(() => setSharedReads(true))

test.each([
  ['pipelined', true, true],
  ['one after the other', true, false],
  ['pipelined, with documented reads', false, true],
  ['one after the other, with documented reads', false, false],
])('requests of one connection, %s', async (_how, shared, pipelined) => {
  setSharedReads(shared)
  const storage = new AsyncLocalStorage<string>()
  const seen: (string | undefined)[] = []
  const { connect } = await serving(
    (environ, start) => {
      seen.push(storage.getStore())
      storage.enterWith(environ.pathInfo)
      start(200, [])
      if (environ.pathInfo === '/sync') return 'sync'
      if (environ.pathInfo === '/async') return new Promise((resolve) => setTimeout(() => resolve('async'), 1))
      return (async function* () {
        yield 'a'
        await new Promise((resolve) => setTimeout(resolve, 1))
        yield 'b'
      })()
    },
    {},
    'sockets',
  )
  const client = connect()
  if (pipelined) {
    await client.send(requests.join('')).responses(requests.length)
  } else {
    for (const [i, request] of requests.entries()) await client.send(request).responses(i + 1)
  }
  expect(seen).toEqual(PATHS.map(() => undefined))
})
