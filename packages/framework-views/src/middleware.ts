import { isPromise, type Awaitable } from '@tsgi/spec'
import type { HttpRequest, Site } from './request.ts'
import type { HttpResponse } from './response.ts'

/**
 * A layer around every view; the first in `settings.middleware` is the outermost. Errors of what is inside reach it as
 * responses, so that `processResponse` sees every answer. A hook that gives no promise costs none.
 */
export interface Middleware {
  /** Called once, when the application is made. */
  setup?(site: Site): void
  /** A response ends the way inwards: no inner layer and no view is called. */
  processRequest?(request: HttpRequest): Awaitable<HttpResponse | undefined>
  processResponse?(request: HttpRequest, response: HttpResponse): Awaitable<HttpResponse>
}

export type Handler = (request: HttpRequest) => Awaitable<HttpResponse>
export type ErrorHandler = (request: HttpRequest, error: unknown) => Awaitable<HttpResponse>

/** `value` through `next`, without a promise where there is none. */
export const andThen = <T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> =>
  isPromise(value) ? value.then(next) : next(value)

/** Layers around a view; whatever one of them throws or rejects with becomes a response by `onError`. */
export const compose = (layers: readonly Middleware[], view: Handler, onError: ErrorHandler): Handler =>
  layers.reduceRight((inner, layer) => guard(wrap(layer, inner), onError), guard(view, onError))

function wrap(layer: Middleware, inner: Handler): Handler {
  const outwards: Handler = (request) =>
    andThen(inner(request), (response) => layer.processResponse?.(request, response) ?? response)
  return (request) => andThen(layer.processRequest?.(request), (early) => early ?? outwards(request))
}

export function guard(handler: Handler, onError: ErrorHandler): Handler {
  return (request) => {
    try {
      const response = handler(request)
      return isPromise(response) ? response.then(undefined, (error: unknown) => onError(request, error)) : response
    } catch (error) {
      return onError(request, error)
    }
  }
}
