/** Responses that are larger than what a client takes at once. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Body } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe('backpressure', () => {
  test('a writer waits for a slow reader, and an iterable is not pulled', async () => {
    let pulled = 0
    const { connect } = await serving((_environ, start) => {
      start(200, [])
      return (function* () {
        for (let i = 0; i < 1000; i++) {
          pulled++
          yield Buffer.alloc(65_536)
        }
      })()
    })
    const client = connect()
    client.pause()
    client.send(GET)
    // Until what lies between the two is full.
    let before = 0
    const stands = () => {
      const still = pulled > 0 && pulled === before
      before = pulled
      return still
    }
    await expect.poll(stands, { interval: 50, timeout: 15_000 }).toBe(true)
    expect(pulled).toBeLessThan(300)
    client.keep = false
    client.resume()
    await client.until(({ size }) => size > 65_536_000)
  })
})

describe('a body of many small chunks leaves others their turn', () => {
  const COUNT = 100_000
  const bodies: Readonly<Record<string, () => Body>> = {
    'a generator': function* () {
      for (let i = 0; i < COUNT; i++) yield 'x'
    },
    'an async generator': async function* () {
      for (let i = 0; i < COUNT; i++) yield 'x'
    },
    'a writer': () => async (out) => {
      for (let i = 0; i < COUNT; i++) await out.write('x')
    },
  }
  test.each(Object.keys(bodies))('made by %s', async (name) => {
    const { connect, http } = await serving((_environ, start) => {
      start(200, [])
      return bodies[name]?.() ?? null
    })
    const client = connect()
    client.keep = false
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(({ size }) => size > 0)
    let turns = 0
    for (; http.stats().active > 0; turns++) await turn()
    expect(turns).toBeGreaterThan(COUNT / 2048)
  })
})

test('bytes that an application gave away and then transferred break the connection off; nothing else is sent in their place', async () => {
  for (const size of [1000, 40_000]) {
    const { connect } = await serving((_environ, start) => {
      start(200, [])
      return (function* () {
        const bytes = new Uint8Array(size).fill(120)
        yield bytes
        structuredClone(bytes, { transfer: [bytes.buffer] })
        yield 'end'
      })()
    })
    const client = connect().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const text = await client.toEnd()
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(text.slice(text.indexOf('\r\n\r\n'))).toMatch(/^[\r\nx\da-f]*$/)
  }
})
