/** The exercises in the dialect of PEP 3333. */
import { decodeWsgi, fromWsgi, type WsgiEnviron, type WsgiResult, type WsgiStartResponse } from '@tsgi/adapter-wsgi'
import { parseCookies } from '@tsgi/http-fields'
import type { Application, Awaitable } from '@tsgi/spec'
import * as material from './material.ts'
import { uploadedFile } from './multipart-stream.ts'

interface View {
  (environ: WsgiEnviron, start_response: WsgiStartResponse): Awaitable<WsgiResult>
}

const TEXT = ['Content-Type', 'text/plain; charset=utf-8']
const BYTES = ['Content-Type', 'application/octet-stream']

const text =
  (content: (environ: WsgiEnviron) => string, ...more: readonly string[][]): View =>
  (environ, start_response) => {
    start_response('200 OK', [TEXT, ...more])
    return [content(environ)]
  }

const json =
  (value: (environ: WsgiEnviron) => unknown): View =>
  async (environ, start_response) => {
    const content = JSON.stringify(await value(environ))
    start_response('200 OK', [['Content-Type', 'application/json']])
    return [content]
  }

const query = (environ: WsgiEnviron): URLSearchParams => new URLSearchParams(environ.QUERY_STRING)

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* events(): AsyncGenerator<string> {
  for await (const number of material.numbers()) yield `data: ${number}\n\n`
}

export default function exercises(observe: material.Observe): Application {
  const views: Readonly<Record<string, View>> = {
    'GET /text': text(() => material.HELLO),
    'GET /json': json(() => ({ message: 'Hello, World!' })),
    'GET /query': json((environ) => ({ q: query(environ).get('q') })),
    'GET /query/all': json((environ) => query(environ).getAll('tag')),
    'GET /field': json((environ) => ({ value: environ.HTTP_X_TAG?.replaceAll(/, */g, ', ') })),
    'GET /cookies': json((environ) => parseCookies(environ.HTTP_COOKIE ?? '')),
    'GET /cookies/set': text(() => 'set', ['Set-Cookie', 'a=1'], ['Set-Cookie', 'b=2']),
    'POST /form': json((environ) =>
      Object.fromEntries(new URLSearchParams(environ['wsgi.input'].read().toString('latin1'))),
    ),
    'POST /multipart': json((environ) => uploadedFile(once(environ['wsgi.input'].read()), environ.CONTENT_TYPE ?? '')),
    'POST /upload': json((environ) => {
      let bytes = 0
      for (let part = environ['wsgi.input'].read(65_536); part.length > 0;) {
        bytes += part.length
        part = environ['wsgi.input'].read(65_536)
      }
      return { bytes }
    }),
    'POST /early'(_environ, start_response) {
      start_response('403 Forbidden', [TEXT])
      return ['no']
    },
    'POST /echo'(environ, start_response) {
      start_response('200 OK', [BYTES])
      return [environ['wsgi.input'].read()]
    },
    'GET /stream'(_environ, start_response) {
      start_response('200 OK', [TEXT])
      return material.lines()
    },
    'GET /download'(_environ, start_response) {
      start_response('200 OK', [BYTES])
      return material.pieces()
    },
    'GET /events'(_environ, start_response) {
      start_response('200 OK', [['Content-Type', 'text/event-stream']])
      return events()
    },
    'DELETE /item'(_environ, start_response) {
      start_response('204 No Content', [])
      return []
    },
    'GET /cached'(environ, start_response) {
      const etag = ['ETag', '"v1"']
      if (environ.HTTP_IF_NONE_MATCH === '"v1"') {
        start_response('304 Not Modified', [etag])
        return []
      }
      start_response('200 OK', [TEXT, etag])
      return ['cached']
    },
    'GET /old'(environ, start_response) {
      start_response('303 See Other', [['Location', `${environ.SCRIPT_NAME}/text`]])
      return []
    },
    'GET /error'() {
      throw new Error('secret')
    },
    'GET /error/late'(_environ, start_response) {
      start_response('200 OK', [TEXT])
      return material.partial()
    },
    'GET /hang'(environ, start_response) {
      start_response('200 OK', [TEXT])
      const { signal } = environ['tsgi.environ'].server
      return material.waiting(signal, () => observe(query(environ).get('case') ?? '', 'left'))
    },
    'GET /link': text((environ) => `${environ.SCRIPT_NAME}/text`),
    'GET /large': text(() => 'large', ['X-Large', material.LARGE]),
    async 'GET /slow'(environ, start_response) {
      await material.pause(Number(query(environ).get('ms')))
      start_response('200 OK', [TEXT])
      return ['slow']
    },
  }
  const greet = text((environ) => `Hello, ${decodeWsgi(environ.PATH_INFO).slice('/greet/'.length)}!`)

  return fromWsgi((environ, start_response) => {
    const method = environ.REQUEST_METHOD === 'HEAD' ? 'GET' : environ.REQUEST_METHOD
    const view = views[`${method} ${environ.PATH_INFO}`]
    if (view !== undefined) return view(environ, start_response)
    if (environ.PATH_INFO.startsWith('/greet/')) return greet(environ, start_response)
    if (environ.PATH_INFO !== '/text') {
      start_response('404 Not Found', [TEXT])
      return ['not found']
    }
    start_response('405 Method Not Allowed', [TEXT, ['Allow', 'GET, HEAD']])
    return ['method not allowed']
  })
}
