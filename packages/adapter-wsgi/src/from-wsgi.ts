import { tmpdir } from 'node:os'
import { isPromise, type Application, type Awaitable, type Body, type Environ, type StartResponse } from '@tsgi/spec'
import { wsgiEnviron } from './environ.ts'
import { receiveBody, type RequestBody, type SpillSettings } from './request-body.ts'
import { errorOf, isAbsent, startFrom } from './start-response.ts'
import { Writes } from './writes.ts'
import type { WsgiApplication, WsgiClass, WsgiFunction, WsgiStartResponse } from './wsgi.ts'

export interface FromWsgiOptions {
  /** Bytes of a request body kept in memory; a larger one is kept in a temporary file. Default 1 MiB. */
  readonly bodyMemory?: number | undefined
  /** Where such files are made; they have no name for longer than it takes to open them. Default: the system's. */
  readonly bodyDirectory?: string | undefined
}

/**
 * Makes a TSGI application of one that is written in the dialect of PEP 3333.
 *
 * The request body is received before the application is called, since `environ['wsgi.input'].read()` cannot wait.
 *
 * @example
 * export default fromWsgi((environ, start_response) => {
 *   start_response('200 OK', [['Content-Type', 'text/plain']])
 *   return [`Hello from ${environ.PATH_INFO}\n`]
 * })
 */
export function fromWsgi(app: WsgiApplication, options: FromWsgiOptions = {}): Application {
  if (typeof app !== 'function') {
    throw new TypeError(
      `fromWsgi takes a function (environ, start_response) or a class; came ${app === null ? 'null' : typeof app}`,
    )
  }
  const call: WsgiFunction = isClass(app) ? (environ, start_response) => new app(environ, start_response) : app
  const settings: SpillSettings = {
    memory: options.bodyMemory ?? 1024 * 1024,
    directory: options.bodyDirectory ?? tmpdir(),
  }
  return (environ, startResponse) => {
    const body = receiveBody(environ.input, settings)
    return isPromise(body)
      ? body.then((body) => respond(call, environ, body, startResponse))
      : respond(call, environ, body, startResponse)
  }
}

function respond(
  app: WsgiFunction,
  environ: Environ,
  body: RequestBody,
  startResponse: StartResponse,
): Awaitable<Body> {
  if (body.release !== undefined) {
    environ.server.onFinish(() => {
      body.release?.().catch((error: unknown) => environ.errors.write(`closing a request body: ${String(error)}\n`))
    })
  }
  const made = wsgiEnviron(environ, body)
  if (made === null) {
    startResponse(400, ['content-type', 'text/plain; charset=utf-8'])
    return 'The path has a bad escape.\n'
  }
  const writes = new Writes()
  const start_response: WsgiStartResponse = (status, headers, excInfo) => {
    if (writes.begun && !isAbsent(excInfo)) throw errorOf(excInfo)
    startFrom(startResponse, status, headers, excInfo)
    return writes.write
  }
  const result = app(made, start_response)
  return isPromise(result) ? writes.stream(result, environ.server) : writes.join(result)
}

const isClass = (app: WsgiApplication): app is WsgiClass => /^class\b/.test(Function.prototype.toString.call(app))
