/** What stands in `urlpatterns`: routes to views, and other lists of patterns under a prefix. */
import type { Awaitable } from '@tsgi/spec'
import type { ConverterTypes } from './converters.ts'
import type { HttpRequest } from './request.ts'
import type { HttpResponse } from './response.ts'

/** Answers a request. `params` are the values of the route's converters. One that gives no promise costs none. */
export type ViewFunction<Params = object> = (request: HttpRequest, params: Params) => Awaitable<HttpResponse>

export interface Route<R extends string = string, N extends string = string> {
  readonly route: R
  readonly view: ViewFunction<never>
  readonly name: N | undefined
}

export interface Include<R extends string = string, P = unknown, S extends string = string> {
  readonly prefix: R
  readonly patterns: readonly P[]
  readonly namespace: S
}

export type Pattern = Route | Include

type ParamOf<P> = P extends `${infer C}:${infer N}`
  ? { readonly [K in N]: C extends keyof ConverterTypes ? ConverterTypes[C] : unknown }
  : { readonly [K in P & string]: string }

/** The parameters of a route: `ParamsOf<'notes/<int:id>/'>` is `{ readonly id: number }`. */
export type ParamsOf<R> = R extends `${string}<${infer P}>${infer Rest}` ? ParamOf<P> & ParamsOf<Rest> : object

/** Every name under `urlpatterns`, namespaces included, with the parameters it takes. */
export type NamesOf<P, Outer = object, Ns extends string = ''> =
  P extends Route<infer R, infer N>
    ? [N] extends [never]
      ? never
      : { readonly name: `${Ns}${N}`; readonly params: Outer & ParamsOf<R> }
    : P extends Include<infer R, infer Inner, infer S>
      ? NamesOf<Inner, Outer & ParamsOf<R>, S extends '' ? Ns : `${Ns}${S}:`>
      : never

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
): Route<R, N> {
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
