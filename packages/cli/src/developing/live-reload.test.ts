import type { Application, Body, BodyWriter, Chunk, Environ, HeaderList } from '@tsgi/spec'
import { setDevelopmentScript } from '@tsgi/error-page'
import { afterAll, describe, expect, it } from 'vitest'
import { EVENTS_PATH, SCRIPT_PATH } from './live-reload-client.ts'
import liveReload from './live-reload.ts'

// The layer sets it for its process.
afterAll(() => setDevelopmentScript(undefined))

const PAGE = '<!doctype html><p>hello</p>'
const TAG = /<script src="\/\.tsgi\/live-reload\.js\?by=\d+-\d+"><\/script>\n$/

interface Answer {
  readonly status: number
  readonly headers: HeaderList
  readonly chunks: readonly Chunk[]
}

async function ask(
  inner: Application,
  request: { path?: string; method?: string; headers?: HeaderList } = {},
): Promise<Answer> {
  const { path = '/', method = 'GET', headers = ['accept', 'text/html'] } = request
  const left = new AbortController()
  const environ = {
    pathInfo: path,
    requestMethod: method,
    headers,
    server: { signal: left.signal },
  } as unknown as Environ
  const application = await liveReload(inner, null)
  let answer: Answer = { status: 0, headers: [], chunks: [] }
  const body = await application(environ, (status, headers) => void (answer = { ...answer, status, headers }))
  const chunks = await chunksOf(body, () => left.abort())
  return { ...answer, chunks }
}

async function chunksOf(body: Body, flushed: () => void): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  if (body === null) return chunks
  if (typeof body === 'string' || body instanceof Uint8Array) return [body]
  if (typeof body === 'function') {
    await body({
      write: (chunk: Chunk) => void chunks.push(chunk),
      flush: () => setImmediate(flushed),
    } as unknown as BodyWriter)
    return chunks
  }
  for await (const chunk of body as AsyncIterable<Chunk>) chunks.push(chunk)
  return chunks
}

const answering =
  (body: Body, headers: HeaderList = ['content-type', 'text/html; charset=utf-8'], status = 200): Application =>
  (_environ, startResponse) => {
    startResponse(status, headers)
    return body
  }

describe('a page', () => {
  const bodies: readonly (readonly [string, () => Body])[] = [
    ['a string', () => PAGE],
    ['bytes', () => new TextEncoder().encode(PAGE)],
    ['an array', () => [PAGE.slice(0, 9), PAGE.slice(9)]],
    [
      'a generator',
      function* () {
        yield PAGE.slice(0, 9)
        yield PAGE.slice(9)
      },
    ],
    [
      'an async generator',
      async function* () {
        yield PAGE.slice(0, 9)
        yield PAGE.slice(9)
      },
    ],
    ['a function that writes', () => (out: BodyWriter) => void out.write(PAGE)],
    ['an asynchronous function that writes', () => async (out: BodyWriter) => void (await out.write(PAGE))],
  ]
  it.each(bodies)('of %s gets the script at its end, and its length is right', async (_name, make) => {
    const fields = ['content-type', 'text/html', 'content-length', String(PAGE.length), 'etag', '"1"']
    const { headers, chunks } = await ask(answering(make(), fields))
    const text = Buffer.concat(chunks.map((chunk) => Buffer.from(chunk as string))).toString()
    expect(text.startsWith(PAGE)).toBe(true)
    expect(text).toMatch(TAG)
    expect(headers[3]).toBe(String(text.length))
  })

  it('that starts in its generator, and is closed before the end, is closed', async () => {
    let closed = 0
    const application = await liveReload((_environ, startResponse) => {
      const body = (function* () {
        startResponse(200, ['content-type', 'text/html'])
        yield PAGE
        yield 'more'
      })()
      return Object.assign(body, { close: () => void closed++ })
    }, null)
    const environ = { pathInfo: '/', requestMethod: 'GET', headers: [], server: {} } as unknown as Environ
    const body = (await application(environ, () => {})) as Iterable<Chunk> & { close(): void }
    for (const chunk of body) {
      expect(chunk).toBe(PAGE)
      break
    }
    body.close()
    expect(closed).toBe(1)
  })
})

describe('what is left as it is', () => {
  it.each<readonly [string, Application, Parameters<typeof ask>[1]]>([
    ['a response of another type', answering(PAGE, ['content-type', 'application/json']), {}],
    ['a compressed page', answering(PAGE, ['content-type', 'text/html', 'content-encoding', 'br']), {}],
    [
      'a page whose policy forbids it',
      answering(PAGE, ['content-type', 'text/html', 'content-security-policy', "script-src 'nonce-a'"]),
      {},
    ],
    ['a page in UTF-16', answering(PAGE, ['content-type', 'text/html; charset=utf-16le']), {}],
    ['a page with a digest', answering(PAGE, ['content-type', 'text/html', 'repr-digest', 'sha-256=:a:']), {}],
    ['a part of a page', answering(PAGE, undefined, 206), {}],
    ['a response to POST', answering(PAGE), { method: 'POST' }],
    ['what a script of a page fetches', answering(PAGE), { headers: ['sec-fetch-dest', 'empty'] }],
    ['a fragment for htmx', answering(PAGE), { headers: ['hx-request', 'true'] }],
  ])('%s', async (_name, application, request) => {
    const { chunks } = await ask(application, request)
    expect(chunks).toEqual([PAGE])
  })

  it('the length of a response to HEAD', async () => {
    const { headers } = await ask(answering(null, ['content-type', 'text/html', 'content-length', '5']), {
      method: 'HEAD',
    })
    expect(headers).toEqual(['content-type', 'text/html', 'content-length', '5'])
  })
})

describe('the command’s own paths', () => {
  it('answer the script, and a stream that says which process serves', async () => {
    const script = await ask(answering('of the application'), { path: SCRIPT_PATH })
    expect(script.headers).toContain('text/javascript; charset=utf-8')
    expect(script.chunks.join('')).toContain('new EventSource(')
    const stream = await ask(answering('of the application'), { path: EVENTS_PATH })
    expect(stream.headers).toContain('text/event-stream')
    expect(stream.chunks.join('')).toMatch(/^retry: \d+\ndata: \d+-\d+\n\n$/)
  })
})
