import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { getRequestListener, serve } from '@hono/node-server'
import type { Application, BodyWriter } from '@tsgi/spec'
import { H3 } from 'h3'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromFetch } from '../src/from-fetch/index.ts'
import { toFetch } from '../src/to-fetch/index.ts'
import { serving } from './serving.ts'

const PLAIN = ['content-type', 'text/plain', 'set-cookie', 'a=1', 'set-cookie', 'b=2']
const CHUNK = new Uint8Array(64 * 1024)

interface Seen {
  readonly left: PromiseWithResolvers<void>
  /** The client has the first chunk: this host keeps its head back for a while, and answers 500 until then. */
  readonly received: PromiseWithResolvers<void>
  given: number
}

const nothingSeen = (): Seen => ({ left: Promise.withResolvers(), received: Promise.withResolvers(), given: 0 })

/** A TSGI application that does a bit of everything. */
function application(seen: Seen): Application {
  return async (environ, startResponse) => {
    switch (environ.pathInfo) {
      case '/echo': {
        let text = ''
        for await (const chunk of environ.input) text += new TextDecoder().decode(chunk, { stream: true })
        startResponse(200, PLAIN)
        return text
      }
      case '/generator':
        startResponse(200, PLAIN)
        return (function* lines() {
          for (const line of ['one\n', 'two\n']) yield line
        })()
      case '/writer':
        startResponse(200, PLAIN)
        return async (out: BodyWriter) => {
          for (const line of ['one\n', 'two\n']) await out.write(line)
        }
      case '/endless': {
        startResponse(200, ['content-type', 'application/octet-stream'])
        environ.server.signal.addEventListener('abort', () => seen.left.resolve())
        return (function* endless() {
          for (;;) {
            seen.given += CHUNK.length
            yield CHUNK
          }
        })()
      }
      case '/half':
        startResponse(200, PLAIN)
        return (async function* half() {
          yield 'some of it'
          await seen.received.promise
          throw new Error('told to fail')
        })()
      default:
        startResponse(200, ['content-type', 'text/plain'])
        return `${environ.requestMethod} ${environ.scriptName}|${environ.pathInfo}?${environ.queryString} from ${environ.remoteAddr}`
    }
  }
}

describe('a TSGI application on @hono/node-server', () => {
  const seen = nothingSeen()
  const log: string[] = []
  const errors = { write: (text: string) => void log.push(text), flush: () => undefined }
  // Its own replacement of the global classes would stay behind for the other tests.
  const server = serve({
    fetch: toFetch(application(seen), { errors }),
    port: 0,
    hostname: '127.0.0.1',
    overrideGlobalObjects: false,
  })
  let url: string

  beforeAll(async () => {
    if (!server.listening) await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  test('sees the request and the client', async () => {
    expect(await (await fetch(`${url}/a/b?c=d`)).text()).toBe('GET |/a/b?c=d from 127.0.0.1')
    expect((await fetch(url, { method: 'HEAD' })).headers.get('content-length')).toBe(
      String('HEAD |/? from 127.0.0.1'.length),
    )
  })

  test('reads a body and answers with cookies', async () => {
    const response = await fetch(`${url}/echo`, { method: 'POST', body: 'grüße' })
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await response.text()).toBe('grüße')
  })

  test('streams, pulled and pushed', async () => {
    expect(await (await fetch(`${url}/generator`)).text()).toBe('one\ntwo\n')
    expect(await (await fetch(`${url}/writer`)).text()).toBe('one\ntwo\n')
  })

  test('breaks off when it fails half-way', async () => {
    const reader = ((await fetch(`${url}/half`)).body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('some of it')
    seen.received.resolve()
    await expect(reader.read()).rejects.toThrow(/\S/)
    expect(log.join('')).toMatch(/told to fail[\s\S]*hosts\.test\.ts:\d+/)
  })

  test('waits for a slow client, and hears that it left', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET /endless HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'data')
    socket.pause()
    let before = -1
    while (before !== seen.given) {
      before = seen.given
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(seen.given).toBeLessThan(16 * 1024 * 1024)
    socket.resetAndDestroy()
    await seen.left.promise
  })
})

describe('a TSGI application inside of others', () => {
  const inner = application(nothingSeen())

  test('is mounted in Hono, and that runs on our server', async () => {
    const app = new Hono().get('/', (c) => c.text('outer'))
    app.mount('/inner', toFetch(inner, { scriptName: '/inner' }))
    await using server = await serving(fromFetch(app))
    expect(await (await fetch(server.url)).text()).toBe('outer')
    expect(await (await fetch(`${server.url}/inner/page?q=1`)).text()).toBe('GET /inner|/page?q=1 from 127.0.0.1')
    const echoed = await fetch(`${server.url}/inner/echo`, { method: 'POST', body: 'through both' })
    expect(await echoed.text()).toBe('through both')
    expect(await (await fetch(`${server.url}/inner/generator`)).text()).toBe('one\ntwo\n')
  })

  test('is mounted in h3', async () => {
    const app = new H3().mount('/inner', toFetch(inner, { scriptName: '/inner' }))
    await using server = await serving(fromFetch(app))
    expect(await (await fetch(`${server.url}/inner/page`)).text()).toContain('GET /inner|')
  })

  test('runs as a fetch app, as itself', async () => {
    await using server = await serving(fromFetch(toFetch(inner)))
    expect(await (await fetch(`${server.url}/a?b`)).text()).toContain('GET |/a?b')
    expect(await (await fetch(`${server.url}/writer`)).text()).toBe('one\ntwo\n')
  })
})

test('a fetch app goes to a Node server through both adapters', async () => {
  const app = new Hono().post('/', async (c) => c.text((await c.req.text()).toUpperCase()))
  const listener = getRequestListener(toFetch(fromFetch(app)), { overrideGlobalObjects: false })
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'round' })
  expect(await response.text()).toBe('ROUND')
  server.close()
})
