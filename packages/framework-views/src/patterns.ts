/** What stands in `urlpatterns`: routes to views, and other lists of patterns under a prefix. */
import type { Awaitable } from '@tsgi/spec'
import type { HttpRequest } from './request.ts'
import type { HttpResponse } from './response.ts'
import type { Include, ParamsOf, Route } from './route-types.ts'

/** Answers a request. `params` are the values of the route's converters. One that gives no promise costs none. */
export type ViewFunction<Params = object> = (request: HttpRequest, params: Params) => Awaitable<HttpResponse>

export type Pattern = Route<string, string, ViewFunction<never>> | Include

/**
 * A route without a leading slash. `<name>` alone is `<str:name>`. A view may take the parameters of enclosing includes
 * too; it declares them optional.
 *
 * @example path('notes/<int:id>/', (request, { id }) => new HttpResponse(`Note ${id}`), 'note')
 */
export function path<const R extends string, const N extends string = never>(
  route: R,
  view: ViewFunction<ParamsOf<R>>,
  name?: N,
): Route<R, N, ViewFunction<never>> {
  return { route, view, name }
}

/** Other patterns under a prefix. With a namespace their names are `namespace:name`. */
export function include<const R extends string, P extends Pattern, const S extends string = ''>(
  prefix: R,
  patterns: readonly P[],
  namespace: S = '' as S,
): Include<R, P, S> {
  return { prefix, patterns, namespace }
}
