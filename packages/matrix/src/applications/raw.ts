/** The exercises on nothing but the interface. */
import { parseCookies, readUrlEncoded } from '@tsgi/http-fields'
import {
  type Application,
  type Awaitable,
  type Body,
  type Environ,
  header,
  headers,
  type StartResponse,
} from '@tsgi/spec'
import * as material from './material.ts'
import { uploadedFile } from './multipart-stream.ts'

interface Route {
  (environ: Environ, startResponse: StartResponse): Awaitable<Body>
}

const TEXT = ['content-type', 'text/plain; charset=utf-8']
const BYTES = ['content-type', 'application/octet-stream']

const text =
  (content: (environ: Environ) => string, more: readonly string[] = []): Route =>
  (environ, startResponse) => {
    startResponse(200, [...TEXT, ...more])
    return content(environ)
  }

const json =
  (value: (environ: Environ) => unknown): Route =>
  async (environ, startResponse) => {
    const content = JSON.stringify(await value(environ))
    startResponse(200, ['content-type', 'application/json'])
    return content
  }

const query = (environ: Environ): URLSearchParams => new URLSearchParams(environ.queryString)

export default function raw(observe: material.Observe): Application {
  const routes: Readonly<Record<string, Route>> = {
    'GET /text': text(() => material.HELLO),
    'GET /json': json(() => ({ message: 'Hello, World!' })),
    'GET /query': json((environ) => ({ q: query(environ).get('q') })),
    'GET /query/all': json((environ) => query(environ).getAll('tag')),
    'GET /field': json((environ) => ({ value: headers(environ, 'x-tag').join(', ') })),
    'GET /cookies': json((environ) => parseCookies(header(environ, 'cookie') ?? '')),
    'GET /cookies/set': text(() => 'set', ['set-cookie', 'a=1', 'set-cookie', 'b=2']),
    'POST /form': json(async (environ) => Object.fromEntries(await readUrlEncoded(environ.input))),
    'POST /multipart': json((environ) => uploadedFile(environ.input, header(environ, 'content-type') ?? '')),
    'POST /upload': json(async (environ) => ({ bytes: await material.count(environ.input) })),
    async 'POST /refuse'(environ, startResponse) {
      await material.count(environ.input, material.ENOUGH)
      startResponse(413, TEXT)
      return 'too much'
    },
    'POST /early'(_environ, startResponse) {
      startResponse(403, TEXT)
      return 'no'
    },
    async 'POST /echo'(environ, startResponse) {
      const content = await material.collect(environ.input)
      startResponse(200, BYTES)
      return content
    },
    'GET /stream'(_environ, startResponse) {
      startResponse(200, TEXT)
      return material.lines()
    },
    'GET /download'(_environ, startResponse) {
      startResponse(200, BYTES)
      return material.pieces()
    },
    'GET /events'(_environ, startResponse) {
      startResponse(200, ['content-type', 'text/event-stream'])
      return async (out) => {
        for await (const number of material.numbers()) await out.write(`data: ${number}\n\n`)
      }
    },
    'DELETE /item'(_environ, startResponse) {
      startResponse(204, [])
      return null
    },
    'GET /cached'(environ, startResponse) {
      if (header(environ, 'if-none-match') === '"v1"') {
        startResponse(304, ['etag', '"v1"'])
        return null
      }
      startResponse(200, [...TEXT, 'etag', '"v1"'])
      return 'cached'
    },
    'GET /old'(environ, startResponse) {
      startResponse(303, ['location', `${environ.scriptName}/text`])
      return null
    },
    'GET /error'() {
      throw new Error('secret')
    },
    'GET /error/late'(_environ, startResponse) {
      startResponse(200, TEXT)
      return material.partial()
    },
    'GET /hang'(environ, startResponse) {
      startResponse(200, TEXT)
      return material.waiting(environ.server.signal, () => observe(query(environ).get('case') ?? '', 'left'))
    },
    'GET /link': text((environ) => `${environ.scriptName}/text`),
    'GET /large': text(() => 'large', ['x-large', material.LARGE]),
    async 'GET /slow'(environ, startResponse) {
      await material.pause(Number(query(environ).get('ms')))
      startResponse(200, TEXT)
      return 'slow'
    },
  }
  const greet = text(({ pathInfo }) => `Hello, ${decodeURIComponent(pathInfo.slice('/greet/'.length))}!`)

  return (environ, startResponse) => {
    const method = environ.requestMethod === 'HEAD' ? 'GET' : environ.requestMethod
    const route = routes[`${method} ${environ.pathInfo}`]
    if (route !== undefined) return route(environ, startResponse)
    if (/^\/greet\/[^/]+$/.test(environ.pathInfo)) return greet(environ, startResponse)
    const known = environ.pathInfo === '/text'
    startResponse(known ? 405 : 404, known ? [...TEXT, 'allow', 'GET, HEAD'] : TEXT)
    return known ? 'method not allowed' : 'not found'
  }
}
