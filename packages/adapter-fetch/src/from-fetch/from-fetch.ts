import { isPromise, type Application, type Environ } from '@tsgi/spec'
import { placeOf } from './app-place.ts'
import { bindings } from './bindings.ts'
import { RequestContext, settled, type PendingWork } from './execution-context.ts'
import { fastGlobalsInstalled, installFastGlobals } from './fast-globals.ts'
import type { FetchApp } from './fetch-app.ts'
import { LazyRequest } from './lazy-request.ts'
import { NativeServerRequest } from './native-request.ts'
import { sendResponse } from './send-response.ts'
import type { ServerRequest } from './server-request.ts'

export interface FromFetchOptions {
  /** Puts fast classes in the place of the global `Request`, `Response` and `fetch`. Default: false, all are left alone. */
  readonly fastGlobals?: boolean | undefined
  /**
   * Hands over a native `Request` each time, at some 3 µs. Without it a GET is a lazy one, which does all that a `Request`
   * does, but that the native `new Request(request)` and `fetch(request)` do not take. Has no meaning with the fast
   * globals, which take both. Default: false.
   */
  readonly nativeRequests?: boolean | undefined
  /** More members for the app's second argument, Hono's `c.env`. Default: none. */
  readonly env?: object | undefined
}

/**
 * Runs a fetch app as a TSGI application. What the app throws, and what its body's stream fails with, goes on to the
 * server as it is: its stack names the line.
 *
 * @example
 * const app = new Hono().get('/', (c) => c.text('Hello'))
 * export default fromFetch(app)
 */
export function fromFetch(app: FetchApp, options: FromFetchOptions = {}): Application {
  if (options.fastGlobals === true) installFastGlobals()
  const { env, nativeRequests = false } = options
  const pending: PendingWork = new Set()
  const where = (environ: Environ): string => placeOf(app, environ)

  const application: Application = (environ, startResponse) => {
    const context = new RequestContext(environ, pending)
    const request = requestOf(environ, context, nativeRequests)
    if (request === undefined) {
      startResponse(400, ['content-type', 'text/plain'])
      return 'Bad Request: the Host is not one that a URL can have\n'
    }
    const bound = bindings(environ, env)
    const response = typeof app === 'function' ? app(request, bound, context) : app.fetch(request, bound, context)
    if (!isPromise(response)) return sendResponse(response, environ, startResponse, where)
    return response.then((value) => sendResponse(value, environ, startResponse, where))
  }
  application.shutdown = () => settled(pending)
  return application
}

/** `undefined` where the target has no URL: servers check less of a Host than the URL standard refuses. */
function requestOf(environ: Environ, context: RequestContext, native: boolean): ServerRequest | undefined {
  const lazy = fastGlobalsInstalled() || (environ.requestMethod === 'GET' && !native)
  try {
    return lazy ? new LazyRequest(environ, context) : new NativeServerRequest(environ, context)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
