/** The body of a request: how it is read, left and refused (SPEC "Input"). */
import type { Application } from '@tsgi/spec'
import { describe, expect, test } from 'vitest'
import { deferred, serving } from './serving.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

const echo: Application = async (environ, start) => {
  const pieces: Uint8Array[] = []
  for await (const bytes of environ.input) pieces.push(bytes)
  start(200, ['x-trailers', JSON.stringify(environ.input.trailers)])
  return Buffer.concat(pieces)
}
const ignore: Application = (_environ, start) => {
  start(200, [])
  return 'ignored'
}

describe('bodies', () => {
  const post = (fields: string, body: string): string =>
    `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n${body}`

  test('counted, chunked and none', async () => {
    const { exchange } = await serving(echo)
    expect(await exchange(post('Content-Length: 5\r\n', 'hello'))).toMatch(/hello$/)
    expect(await exchange(post('Transfer-Encoding: chunked\r\n', '3\r\nhel\r\n2\r\nlo\r\n0\r\nT: u\r\n\r\n'))).toMatch(
      /x-trailers: \["t","u"\][^]*hello$/,
    )
    expect(await exchange(post('', ''))).toMatch(/x-trailers: null[^]*\r\n\r\n$/)
  })

  test('arrive byte by byte as well', async () => {
    const { connect } = await serving(echo)
    const client = connect()
    for (const byte of Buffer.from(post('Transfer-Encoding: chunked\r\n', '3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n'))) {
      client.send(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await client.toEnd()).toMatch(/hello$/)
  })

  test('read(size) gives up to size; read() what is there; empty is the end and stays so', async () => {
    const sizes: number[] = []
    const { exchange } = await serving(async (environ, start) => {
      for (const size of [1, 3, undefined, 10, undefined]) sizes.push((await environ.input.read(size)).length)
      start(200, [])
      return null
    })
    await exchange(post('Content-Length: 10\r\n', '0123456789'))
    expect(sizes).toEqual([1, 3, 6, 0, 0])
  })

  test('read with a bad size throws; a second reader throws', async () => {
    const thrown: string[] = []
    const waiting = deferred()
    const { connect } = await serving(async (environ, start) => {
      for (const size of [0, -1, 1.5, Number.NaN]) {
        try {
          void environ.input.read(size)
        } catch (error) {
          thrown.push((error as Error).name)
        }
      }
      const first = environ.input.read()
      try {
        void environ.input.read()
      } catch (error) {
        thrown.push((error as Error).message)
      }
      waiting.resolve()
      start(200, [])
      return String((await first).length)
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n')
    await waiting.promise
    client.send('ab')
    expect((await client.responses(1))[0]?.body).toBe('2')
    expect(thrown).toEqual([
      'RangeError',
      'RangeError',
      'RangeError',
      'RangeError',
      expect.stringContaining('an earlier read was pending'),
    ])
  })

  test('leaving a for await leaves the rest readable', async () => {
    const left = deferred()
    const { connect } = await serving(async (environ, start) => {
      let text = ''
      for await (const bytes of environ.input) {
        text += `${Buffer.from(bytes).toString()}|`
        break
      }
      left.resolve()
      for await (const bytes of environ.input) text += Buffer.from(bytes).toString()
      start(200, [])
      return text
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab')
    await left.promise
    client.send('cd')
    expect((await client.responses(1))[0]?.body).toBe('ab|cd')
  })

  test("chunks are the application's to keep, across connections", async () => {
    const kept: Uint8Array[] = []
    const { connect } = await serving(async (environ, start) => {
      for await (const bytes of environ.input) kept.push(bytes)
      start(200, [])
      return null
    })
    for (const letter of 'abcdef') {
      await connect()
        .send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n${letter.repeat(1000)}`)
        .responses(1)
    }
    expect(kept.map((bytes) => new Set(bytes).size)).toEqual(kept.map(() => 1))
    expect(Buffer.concat(kept).toString()).toBe([...'abcdef'].map((letter) => letter.repeat(1000)).join(''))
    for (const bytes of kept) expect(bytes.buffer.byteLength).toBe(bytes.length)
  })

  test('a short unread rest is thrown away, and never parsed as the next request', async () => {
    const { connect } = await serving(ignore)
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
    const client = connect()
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`)
    client.send(
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n${GET}`,
    )
    const responses = await client.responses(3)
    expect(responses).toHaveLength(3)
    expect(responses.every((response) => response.body === 'ignored')).toBe(true)
  })

  test('a long unread rest closes the connection, which the head says', async () => {
    const { connect } = await serving(ignore, { limits: { drainLimit: 1000 } })
    const counted = connect().send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n`)
    expect(await counted.toEnd()).toMatch(/connection: close\r\n\r\nignored$/)
    const chunked = connect().send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    await chunked.contains('ignored')
    chunked.send(`1000\r\n${'x'.repeat(4096)}\r\n0\r\n\r\n${GET}`)
    expect((await chunked.toEnd()).match(/HTTP\/1.1/g)).toHaveLength(1)
  })

  test('over the limit: 413 where the application does not catch it', async () => {
    const limits = { maxBodySize: 10 }
    const { exchange } = await serving(echo, { limits })
    expect(await exchange(post('Transfer-Encoding: chunked\r\n', 'b\r\n01234567890\r\n0\r\n\r\n'))).toMatch(
      /^HTTP\/1.1 413 /,
    )
    const caught = await serving(
      async (environ, start) => {
        const error = await Promise.resolve(environ.input.read()).then(
          () => null,
          (reason: { status: number }) => reason,
        )
        start(200, [])
        return `caught ${error?.status}`
      },
      { limits },
    )
    const text = await caught.exchange(
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n${GET}`,
    )
    expect(text).toMatch(/connection: close\r\n\r\ncaught 413$/)
  })

  test('malformed chunks: the read rejects with 400, which is the answer', async () => {
    const { exchange, log } = await serving(echo)
    expect(await exchange(post('Transfer-Encoding: chunked\r\n', '5\r\nhelloX'))).toMatch(/^HTTP\/1.1 400 /)
    expect(log).toEqual([])
  })

  test('a body that ends early: the read rejects with 400', async () => {
    const seen = deferred<unknown>()
    const { connect } = await serving(async (environ, start) => {
      try {
        for await (const _ of environ.input);
      } catch (error) {
        seen.resolve(error)
      }
      start(200, [])
      return null
    })
    const client = connect().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    client.end()
    expect(await seen.promise).toMatchObject({ status: 400 })
  })

  test('a fast sender waits for a slow application', async () => {
    const called = deferred()
    const go = deferred()
    const { connect } = await serving(async (environ, start) => {
      called.resolve()
      await go.promise
      let size = 0
      for await (const bytes of environ.input) size += bytes.length
      start(200, [])
      return String(size)
    })
    const size = 50_000_000
    const client = connect().send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
    client.send(Buffer.alloc(size))
    await called.promise
    await new Promise((resolve) => setTimeout(resolve, 50))
    // What the line holds, and a read or two of ours; never the whole.
    expect(client.waiting).toBeGreaterThan(0)
    go.resolve()
    expect((await client.responses(1))[0]?.body).toBe(String(size))
  })
})

describe('Expect: 100-continue', () => {
  const ask = 'POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n'
  test('is answered when the application reads, not before', async () => {
    const called = deferred()
    const go = deferred()
    const { connect } = await serving(async (environ, start) => {
      called.resolve()
      await go.promise
      return echo(environ, start)
    })
    const client = connect().send(ask)
    await called.promise
    expect(client.received).toBe('')
    go.resolve()
    await client.contains('HTTP/1.1 100 Continue\r\n\r\n')
    client.send('hello')
    await client.contains('HTTP/1.1 200 OK')
    expect(client.received.match(/100 Continue/g)).toHaveLength(1)
    await client.contains('hello')
    client.send(GET.replace('GET', 'POST'))
    await client.until((c) => c.received.match(/HTTP\/1.1 200/g)?.length === 2)
  })
  test('a final answer without reading closes, since nobody knows what comes next', async () => {
    const { exchange } = await serving(ignore)
    const text = await exchange(ask + GET)
    expect(text).toMatch(/^HTTP\/1.1 200 [^]*connection: close\r\n\r\nignored$/)
  })
  test('is ignored in HTTP/1.0', async () => {
    const { exchange } = await serving(echo)
    expect(await exchange('POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello')).toMatch(
      /^HTTP\/1.1 200 [^]*hello$/,
    )
  })
})
