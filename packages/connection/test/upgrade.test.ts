/** Connections that change to another protocol. */
import type { Application } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { deferred, serving } from './serving.ts'

describe('upgrade', () => {
  test('an upgraded connection is notified that the server begins to stop', async () => {
    const { http, connect } = await serving((environ) => {
      const { draining } = environ.server
      return (
        environ.server.upgrade?.('shout', [], async (_input, out) => {
          await out.write('open')
          await new Promise((resolve) => draining?.addEventListener('abort', resolve))
          await out.write('bye')
        }) ?? null
      )
    })
    const client = connect().send('GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: shout\r\n\r\n')
    await client.contains('open')
    const closing = http.drain()
    expect(await client.toEnd()).toMatch(/openbye$/)
    client.end()
    expect(await closing).toEqual({ cutOff: 0 })
  })
  const shout: Application = (environ, start) => {
    if (environ.server.upgrade === undefined) {
      start(426, ['upgrade', 'shout'])
      return null
    }
    return environ.server.upgrade('shout', ['x-a', 'b'], async (input, out) => {
      for await (const bytes of input) await out.write(Buffer.from(bytes).toString().toUpperCase())
      await out.write('bye')
    })
  }
  const ask = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\n'
  test('hands the connection over, with what was already received', async () => {
    const { connect } = await serving(shout)
    const client = connect().send(`${ask}early `)
    await client.contains('EARLY ')
    expect(client.received).toMatch(
      /^HTTP\/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: shout\r\nx-a: b\r\n\r\nEARLY $/,
    )
    client.send('late')
    await client.contains('LATE')
    client.end()
    expect(await client.toEnd()).toMatch(/LATEbye$/)
  })
  test('is absent unless the client asked, and in HTTP/1.0', async () => {
    const { exchange } = await serving(shout)
    expect(await exchange('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 426 Upgrade Required\r\n[^]*upgrade: shout/,
    )
    expect(await exchange('GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\n')).toMatch(/^HTTP\/1.1 426 /)
  })
  test('to a protocol that was not asked for is an error', async () => {
    const { connect } = await serving((environ) => environ.server.upgrade?.('other', [], () => {}) ?? null)
    expect((await connect().send(ask).responses(1))[0]?.status).toBe(500)
  })
  test('a client that leaves ends a handler that reads, without an error in the log', async () => {
    const over = deferred<unknown>()
    const { connect, log } = await serving((environ, start) => {
      environ.server.onFinish(over.resolve)
      return shout(environ, start)
    })
    const client = await connect().send(ask).contains('101')
    client.reset()
    expect(await over.promise).toMatchObject({ name: 'AbortError' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(log).toEqual([])
  })
  test('a client that leaves aborts the signal, and its request is over though the handler is not', async () => {
    const aborted = deferred<unknown>()
    const never = deferred<void>()
    const { http, connect } = await serving((environ) => {
      const { signal, upgrade } = environ.server
      signal.addEventListener('abort', () => aborted.resolve(signal.reason))
      return upgrade?.call(environ.server, 'shout', [], () => never.promise) ?? null
    })
    const client = await connect().send(ask).contains('101')
    client.reset()
    expect(await aborted.promise).toMatchObject({ name: 'AbortError' })
    expect(http.stats()).toMatchObject({ active: 0, requests: 1 })
    never.resolve()
  })
  test('a failure ends the connection at once, whatever the client does', async () => {
    const { http, connect } = await serving(
      (environ) =>
        environ.server.upgrade?.('shout', [], async (_input, out) => {
          await out.write('last words')
          throw new Error('broken')
        }) ?? null,
    )
    const client = connect().send(ask)
    expect(await client.toEnd()).toMatch(/last words$/)
    await expect.poll(() => http.stats().connections).toBe(0)
  })
  test('a client that leaves ends the reader, and a failure is logged', async () => {
    const ended = deferred<unknown>()
    const { connect, log } = await serving(
      (environ) =>
        environ.server.upgrade?.('shout', [], async (input) => {
          try {
            for await (const _ of input);
          } catch (error) {
            ended.resolve(error)
          }
          throw new Error('broken')
        }) ?? null,
    )
    const client = await connect().send(ask).contains('101')
    client.reset()
    expect(await ended.promise).toBeInstanceOf(Error)
    await new Promise((resolve) => setImmediate(resolve))
    expect(log.map((line) => String(line.error))).toContain('Error: broken')
  })
})
