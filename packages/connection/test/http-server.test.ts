/** All connections of a process together. */
import type { Application } from '@tsgi/spec'
import { expect, test } from 'vitest'
import { serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const hello: Application = (_environ, start) => {
  start(200, [])
  return 'hello'
}

test('are counted', async () => {
  const { connect, http } = await serving(hello)
  const client = connect()
  await client.send(GET + GET).responses(2)
  expect(http.stats()).toEqual({ connections: 1, active: 0, requests: 2, accepted: 1 })
  client.end()
  await client.toClose()
  expect(http.stats().connections).toBe(0)
})
test('the access log hears of each request', async () => {
  const records: unknown[] = []
  const { exchange } = await serving(hello, { access: (record) => records.push(record) })
  await exchange('GET /a?b HTTP/1.1\r\nHost: a\r\n\r\nBAD\r\n\r\n')
  expect(records).toMatchObject([
    {
      method: 'GET',
      target: '/a?b',
      protocol: 'HTTP/1.1',
      status: 200,
      bytes: 5,
      complete: true,
      remoteAddr: '127.0.0.1',
    },
    { status: 400, complete: true },
  ])
})
