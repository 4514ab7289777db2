/** Applications as textbooks on WSGI have them, letter by letter, in TypeScript. */
import type { WsgiApplication, WsgiEnviron, WsgiFunction, WsgiStartResponse } from '@tsgi/adapter-wsgi'

/** The first one in every book. */
export function simple_app(_environ: WsgiEnviron, start_response: WsgiStartResponse) {
  const status = '200 OK'
  const response_headers = [['Content-type', 'text/plain']]
  start_response(status, response_headers)
  return ['Hello world!\n']
}

/** A class whose instance is the iterable. */
export class AppClass {
  readonly environ: WsgiEnviron
  readonly start: WsgiStartResponse

  constructor(environ: WsgiEnviron, start_response: WsgiStartResponse) {
    this.environ = environ
    this.start = start_response
  }

  *[Symbol.iterator]() {
    this.start('200 OK', [['Content-type', 'text/plain']])
    yield `Hello ${this.environ.REQUEST_METHOD}!\n`
  }
}

/** A generator, which starts its response when it is first pulled. */
export function* counting(_environ: WsgiEnviron, start_response: WsgiStartResponse) {
  start_response('200 OK', [['Content-Type', 'text/plain']])
  for (const n of [1, 2, 3]) yield `${n}\n`
}

/** Shows the environ, as the second chapter does. */
export function show_environ(environ: WsgiEnviron, start_response: WsgiStartResponse) {
  const response_body = Object.keys(environ)
    .toSorted()
    .map((key) => `${key}: ${typeof environ[key] === 'string' ? environ[key] : typeof environ[key]}`)
    .join('\n')
  const response_headers = [
    ['Content-Type', 'text/plain'],
    ['Content-Length', String(Buffer.byteLength(response_body))],
  ]
  start_response('200 OK', response_headers)
  return [response_body]
}

/** Parses a posted form, as the third does. */
export function form(environ: WsgiEnviron, start_response: WsgiStartResponse) {
  const request_body_size = Number.parseInt(environ.CONTENT_LENGTH ?? '0', 10)
  const request_body = environ['wsgi.input'].read(request_body_size)
  const d = new URLSearchParams(request_body.toString())
  start_response('200 OK', [['Content-Type', 'text/plain']])
  return [`Age: ${d.get('age') ?? 'unknown'}\n`, `Hobbies: ${d.getAll('hobbies').join(', ')}\n`]
}

/** Counts the lines that were posted. */
export function count_lines(environ: WsgiEnviron, start_response: WsgiStartResponse) {
  let lines = 0
  for (const line of environ['wsgi.input']) lines += line.at(-1) === 0x0a ? 1 : 0
  start_response('200 OK', [['Content-Type', 'text/plain']])
  return [String(lines)]
}

/** Old code that prints. */
export function printing(_environ: WsgiEnviron, start_response: WsgiStartResponse) {
  const write = start_response('200 OK', [['Content-Type', 'text/plain']])
  write('one\n')
  write('two\n')
  return ['three\n']
}

/** The error handling of PEP 3333's chapter on exc_info. */
export function careful(regular: () => Iterable<string>): WsgiFunction {
  return (_environ, start_response) => {
    try {
      start_response('200 Froody', [['Content-type', 'text/plain']])
      return [...regular()]
    } catch (error) {
      start_response('500 Oops', [['Content-type', 'text/plain']], error)
      return ['error body goes here']
    }
  }
}

/** A middleware over the body: it keeps laziness and `close`. */
export class Upperware {
  readonly app: WsgiFunction

  constructor(app: WsgiFunction) {
    this.app = app
  }

  wsgi_app: WsgiFunction = (environ, start_response) =>
    new UpperIter(this.app(environ, start_response) as Iterable<string>)
}

class UpperIter {
  readonly iterable: Iterable<string> & { close?(): void }

  constructor(iterable: Iterable<string>) {
    this.iterable = iterable
  }

  *[Symbol.iterator]() {
    for (const chunk of this.iterable) yield chunk.toUpperCase()
  }

  close() {
    this.iterable.close?.()
  }
}

/** A middleware over the head: it passes on whatever it was called with. */
export function add_header(app: WsgiFunction, name: string, value: string): WsgiFunction {
  return (environ, start_response) => {
    environ['example.seen'] = true
    return app(environ, (status, headers, exc_info) => start_response(status, [...headers, [name, value]], exc_info))
  }
}

/** A middleware that dispatches on the first segment, shifting it as wsgiref does. */
export function url_map(routes: Readonly<Record<string, WsgiFunction>>): WsgiApplication {
  return (environ, start_response) => {
    const [, segment = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(environ.PATH_INFO) ?? []
    const app = routes[segment]
    if (app === undefined) {
      start_response('404 Not Found', [['Content-Type', 'text/plain']])
      return ['Not Found\n']
    }
    environ.SCRIPT_NAME += `/${segment}`
    environ.PATH_INFO = rest
    return app(environ, start_response)
  }
}
