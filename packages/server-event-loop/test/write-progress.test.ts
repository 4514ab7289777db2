/** Progress within one large write: seen where we write ourselves; the documented way counts whole writes only. */
import { expect, test } from 'vitest'
import { serving } from './serving.ts'

test('a slow reader of one large body is not left while it takes something', async () => {
  const { connect } = await serving(
    (_environ, start) => {
      start(200, [])
      return Buffer.alloc(8_000_000)
    },
    { timeouts: { write: 400 } },
  )
  // The first write of a process is the runtime's own, from which ours is learnt.
  await connect().send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n').contains('200 OK')
  const client = connect()
  client.keep = false
  client.socket.pause()
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const slow = setInterval(() => {
    client.socket.resume()
    client.socket.once('data', () => client.socket.pause())
  }, 5)
  await client.until(({ size }) => size > 8_000_000)
  clearInterval(slow)
  expect(client.error).toBeNull()
})
