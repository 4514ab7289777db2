/** What a hostile client of HTTP/2 may try (RFC 9113 §10.5), and that others do not notice. */
import { describe, expect, it } from 'vitest'
import { serving, type Serving } from '../serving.ts'
import { rawConnect } from './client.ts'
import {
  ACK,
  block,
  code,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  fieldsOf,
  frame,
  get,
  HEADERS,
  PING,
  post,
  RST_STREAM,
  SETTINGS,
  setting,
  WINDOW_UPDATE,
} from './raw-client.ts'

const PROTOCOL_ERROR = 1
const FLOW_CONTROL_ERROR = 3
const FRAME_SIZE_ERROR = 6
const COMPRESSION_ERROR = 9
const ENHANCE_YOUR_CALM = 11

const hello = (): Promise<Serving> => serving((_, start) => (start(200, []), 'hello'), {}, 'sockets')

/** Another client is served as if nothing were the matter. */
async function othersAreServed(server: Serving): Promise<void> {
  const other = rawConnect(server.port).send(get(1))
  await other.until(() => other.ended(1))
  expect(other.body(1)).toBe('hello')
}

describe('a client of HTTP/2 that attacks', () => {
  it('by opening and resetting streams is cut off, with few calls of the application', async () => {
    let calls = 0
    const server = await serving(
      async (environ, start) => {
        if (environ.pathInfo === '/') return (start(200, []), 'hello')
        calls++
        await new Promise((resolve) => environ.server.signal.addEventListener('abort', resolve))
        return null
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port)
    for (let id = 1; id < 4000; id += 2) client.send(get(id, '/slow'), frame(RST_STREAM, 0, id, code(8)))
    await client.toClose()
    expect(client.goaway).not.toBe(0)
    expect(calls).toBeLessThan(500)
    await othersAreServed(server)
  })

  it('by heads that never end is cut off', async () => {
    const server = await hello()
    const client = rawConnect(server.port)
    client.send(frame(HEADERS, END_STREAM, 1, block(fieldsOf('/'))))
    for (let i = 0; i < 200; i++) client.send(frame(CONTINUATION, 0, 1, block([`x-${i}`, 'y'.repeat(100)])))
    await client.toClose()
    expect(client.goaway).not.toBe(0)
    await othersAreServed(server)
  })

  it('by settings is cut off', async () => {
    const server = await hello()
    const client = rawConnect(server.port)
    for (let i = 0; i < 2000; i++) client.send(frame(SETTINGS, 0, 0, setting(3, 100)))
    await client.toClose()
    expect(client.goaway).toBe(ENHANCE_YOUR_CALM)
    await othersAreServed(server)
  })

  it('by pings is cut off', async () => {
    const server = await hello()
    const client = rawConnect(server.port)
    for (let i = 0; i < 2000; i++) client.send(frame(PING, 0, 0, Buffer.alloc(8)))
    await client.toClose()
    expect(client.goaway).toBe(ENHANCE_YOUR_CALM)
    await othersAreServed(server)
  })

  it('by empty frames is cut off', async () => {
    const server = await hello()
    const client = rawConnect(server.port).send(post(1))
    for (let i = 0; i < 2000; i++) client.send(frame(DATA, 0, 1))
    await client.toClose()
    await othersAreServed(server)
  })

  it('by opening more streams than it may is cut off', async () => {
    const server = await serving(
      (environ, start) => {
        start(200, [])
        return environ.pathInfo === '/'
          ? 'hello'
          : (async function* () {
              yield await new Promise<string>((resolve) =>
                environ.server.signal.addEventListener('abort', () => resolve('')),
              )
            })()
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port)
    await client.until(() => client.of(SETTINGS).length >= 2)
    // From its acknowledgement on the limit holds.
    client.send(frame(SETTINGS, ACK, 0))
    for (let id = 1; id < 2 * 140; id += 2) client.send(get(id, '/slow'))
    await client.toClose()
    expect(client.goaway).toBe(PROTOCOL_ERROR)
    await othersAreServed(server)
  })

  it('by many streams whose windows are closed costs no more than their first pieces', async () => {
    let produced = 0
    const server = await serving(
      (_, start) => {
        start(200, [])
        return (function* () {
          for (let i = 0; i < 1000; i++) {
            produced++
            yield Buffer.alloc(16_384)
          }
        })()
      },
      { timeouts: { write: 100 } },
      'sockets',
    )
    const client = rawConnect(server.port, setting(4, 0))
    for (let id = 1; id < 200; id += 2) client.send(get(id))
    await client.until(() => client.of(RST_STREAM).length === 100)
    expect(produced).toBeLessThan(100 * 8)
    expect(server.http.stats().active).toBe(0)
  })
})

describe('frames that break a rule', () => {
  it.each([
    ['DATA of a stream that is idle', frame(DATA, 0, 5, Buffer.from('x')), PROTOCOL_ERROR],
    ['HEADERS on stream 0', frame(HEADERS, END_HEADERS, 0, block(fieldsOf('/'))), PROTOCOL_ERROR],
    ['an even number', get(2), PROTOCOL_ERROR],
    ['a CONTINUATION by itself', frame(CONTINUATION, END_HEADERS, 1, Buffer.alloc(0)), PROTOCOL_ERROR],
    ['a frame that is too large', frame(DATA, 0, 1, Buffer.alloc(20_000)), FRAME_SIZE_ERROR],
    ['a WINDOW_UPDATE over 2^31', frame(WINDOW_UPDATE, 0, 0, code(0x7fffffff)), FLOW_CONTROL_ERROR],
    ['a block that is no HPACK', frame(HEADERS, END_HEADERS, 1, Buffer.alloc(3, 0xff)), COMPRESSION_ERROR],
    ['a PING of 7 bytes', frame(PING, 0, 0, Buffer.alloc(7)), FRAME_SIZE_ERROR],
  ])('%s ends the connection with the right code', async (_, bytes, expected) => {
    const server = await hello()
    const client = rawConnect(server.port)
    client.send(bytes)
    await client.toClose()
    expect(client.goaway).toBe(expected)
    await othersAreServed(server)
  })

  it.each([
    ['no path', [':method', 'GET', ':scheme', 'http', ':authority', 'a']],
    ['a field in upper case', [...fieldsOf('/'), 'X-Upper', 'a']],
    ['a field of the connection', [...fieldsOf('/'), 'connection', 'close']],
    ['an unknown pseudo-field', [...fieldsOf('/'), ':other', 'a']],
    ['a pseudo-field behind others', ['a', 'b', ...fieldsOf('/')]],
  ])('a request with %s ends its stream alone', async (_, fields) => {
    const server = await hello()
    const client = rawConnect(server.port)
    client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, block(fields)))
    await client.until(() => client.reset(1) !== null)
    expect(client.reset(1)).toBe(PROTOCOL_ERROR)
    client.send(get(3))
    await client.until(() => client.ended(3))
    expect(client.body(3)).toBe('hello')
  })

  it('a value with a line end in it does not reach the application', async () => {
    const server = await serving((environ, start) => (start(200, []), environ.headers.join('|')), {}, 'sockets')
    const client = rawConnect(server.port).send(get(1, '/', ['a', 'b\r\nc: d', 'e', 'f']))
    await client.until(() => client.ended(1))
    expect(client.body(1)).toBe('host|a.test|e|f')
  })

  it('a wrong preface is answered as HTTP/1.1', async () => {
    const server = await hello()
    expect(await server.exchange('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')).toMatch(/^HTTP\/1.1 505/)
  })

  it('a body that is not as long as it says ends its stream', async () => {
    const server = await serving(
      async (environ, start) => {
        for await (const _ of environ.input);
        start(200, [])
        return 'read'
      },
      {},
      'sockets',
    )
    const client = rawConnect(server.port)
    client.send(post(1, '/', ['content-length', '5']), frame(DATA, END_STREAM, 1, Buffer.from('abc')))
    await client.until(() => client.reset(1) !== null)
    expect(client.reset(1)).toBe(PROTOCOL_ERROR)
  })
})
