/** A request and a response on the runtime's documented way to read and write; everything else on it is in the slow tier. */
import { setSharedReads } from '@tsgi/connection'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serving } from './serving.ts'

describe('documented reads', () => {
  beforeAll(() => setSharedReads(false))
  afterAll(() => setSharedReads(true))

  test('bring a request with a body, and a response', async () => {
    const { connect } = await serving(async (environ, start) => {
      let body = ''
      for await (const bytes of environ.input) body += Buffer.from(bytes).toString('latin1')
      start(200, [])
      return body.toUpperCase()
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello')
    expect(await client.toEnd()).toMatch(/HELLO$/)
  })
})
