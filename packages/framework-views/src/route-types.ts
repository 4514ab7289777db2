/** Patterns as types: which parameters a route has, and which names a list of patterns. */
import type { ConverterTypes } from './converters.ts'

/** A route to a view. What a view is does not matter here. */
export interface Route<R extends string = string, N extends string = string, View extends object = object> {
  readonly route: R
  readonly view: View
  readonly name: N | undefined
}

/** Other patterns under a prefix. */
export interface Include<R extends string = string, P = unknown, S extends string = string> {
  readonly prefix: R
  readonly patterns: readonly P[]
  readonly namespace: S
}

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
