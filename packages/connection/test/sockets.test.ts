/** A request and a response over a socket; everything else over sockets is in the slow tier. */
import { setSharedReads } from '@tsgi/connection'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serving } from './serving.ts'

async function answersARequest(): Promise<void> {
  const { connect } = await serving(
    async (environ, start) => {
      let body = ''
      for await (const bytes of environ.input) body += Buffer.from(bytes).toString('latin1')
      start(200, [])
      return body.toUpperCase()
    },
    {},
    'sockets',
  )
  const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello')
  expect(await client.toEnd()).toMatch(/HELLO$/)
}

describe('over sockets', () => {
  test('a request with a body is answered', answersARequest)
})

describe('documented reads', () => {
  beforeAll(() => setSharedReads(false))
  afterAll(() => setSharedReads(true))

  test('a request with a body is answered', answersARequest)
})
