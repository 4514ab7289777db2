import { inspect } from 'node:util'
import { FormError } from '@tsgi/http-fields'
import { isInputError, isPromise, type Application, type Awaitable, type Body, type StartResponse } from '@tsgi/spec'
import { developmentPage, plainPage } from './error-pages.ts'
import { allowsHost } from './allowed-hosts.ts'
import { Http404, HttpError } from './errors.ts'
import { andThen, compose, type ErrorHandler, guard } from './middleware.ts'
import type { ViewFunction } from './patterns.ts'
import { HttpRequest } from './request.ts'
import { redirect, type HttpResponse } from './response.ts'
import { type Params, singleSlash } from './route.ts'
import { CompiledSite, type Settings } from './site.ts'

/**
 * Makes a TSGI application of settings.
 *
 * @throws ImproperlyConfigured when they contradict themselves
 * @example export default application({ urlpatterns: [path('', () => new HttpResponse('Hello'))] })
 */
export function application(settings: Settings): Application {
  const site = new CompiledSite(settings)
  const answerError = errorAnswerer(site.settings)
  const answer = compose(site.settings.middleware, callView, answerError)
  const app: Application = (environ, startResponse) => {
    const request = new HttpRequest(environ, site)
    const response = allowsHost(site.settings.allowedHosts, environ.serverName)
      ? answer(request)
      : answerError(request, refusedHost(request))
    if (!isPromise(response)) return send(response, startResponse)
    return response.then((settled) => send(settled, startResponse))
  }
  return Object.assign(app, { startup: settings.startup, shutdown: settings.shutdown, ready: settings.ready })
}

function refusedHost({ environ: { serverName } }: HttpRequest): HttpError {
  return new HttpError(400, `the host ${serverName} is not one of settings.allowedHosts`)
}

function send(response: HttpResponse, startResponse: StartResponse): Body {
  startResponse(response.status, response.headers)
  return response.body
}

function callView(request: HttpRequest): Awaitable<HttpResponse> {
  const { match } = request
  if (match === undefined) return withSlash(request)
  const view = match.endpoint.view as ViewFunction<Params>
  return andThen<HttpResponse | undefined, HttpResponse>(view(request, match.params), (response) => {
    if (response !== undefined) return response
    throw new TypeError(`the view of "${match.endpoint.route}" was expected to return an HttpResponse, not nothing`)
  })
}

/** `/notes` leads to `/notes/` where only that exists; 308 keeps the method and the body. */
function withSlash({ environ: { pathInfo, queryString }, site, path }: HttpRequest): HttpResponse {
  if (!site.settings.appendSlash || !site.urls.resolve(`${pathInfo}/`)) throw new Http404(`no route matches ${path}`)
  return redirect(singleSlash(`${path}/`) + (queryString && `?${queryString}`), 308)
}

/** Makes a response of what a view or a layer threw. */
function errorAnswerer({ development, errorViews }: CompiledSite['settings']): ErrorHandler {
  return (request, error) => {
    const status = error instanceof HttpError || error instanceof FormError || isInputError(error) ? error.status : 500
    const builtIn = development ? developmentPage : plainPage
    const view = development && (status === 404 || status >= 500) ? builtIn : (errorViews[status] ?? builtIn)
    if (status >= 500) log(request, inspect(error))
    // A page of one's own does not say why.
    else if (development && view !== builtIn) log(request, `${status}, ${(error as Error).message}`)
    const shown = guard(() => view(request, status, error), answerFailure)(request)
    return andThen(shown, (response) => {
      if (error instanceof HttpError) response.headers.push(...error.headers)
      return response
    })
  }
}

function answerFailure(request: HttpRequest, failure: unknown): HttpResponse {
  log(request, inspect(failure))
  return plainPage(request, 500)
}

function log({ environ, method, path }: HttpRequest, text: string): void {
  environ.errors.write(`${method} ${path}: ${text}\n`)
}
