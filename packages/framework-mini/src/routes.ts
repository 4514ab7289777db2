import type { Awaitable } from '@tsgi/spec'
import type { WebSocketOptions } from '@tsgi/websocket'
import type { Context } from './context.ts'
import type { AnyPathParams, PathParams } from './path-params.ts'
import type { Result } from './reply.ts'
import { upgrade, type SocketHandler } from './web-socket.ts'

/** Answers a request. What it gives back at once costs no promise. */
export type Handler<Params = AnyPathParams> = (context: Context<Params>) => Awaitable<Result>

/**
 * A function of a handler to a handler: for one route by calling it, for many by {@link Routes.group}.
 *
 * @example
 * const signedIn: HandlerMiddleware = (next) => (context) =>
 *   context.cookies.session === undefined ? redirect('/login') : next(context)
 *
 * app.get('/account/:id', signedIn(({ params }) => params.id))
 */
export type HandlerMiddleware = <Params>(next: Handler<Params>) => Handler<Params>

type HandlerAt<Path extends string> = Handler<PathParams<Path>>
type AddRoute<Prefix extends string> = <Path extends string>(path: Path, handler: HandlerAt<`${Prefix}${Path}`>) => void

/** Adds routes below a prefix. One for GET answers HEAD as well. */
export interface Routes<Prefix extends string> {
  readonly get: AddRoute<Prefix>
  readonly post: AddRoute<Prefix>
  readonly put: AddRoute<Prefix>
  readonly patch: AddRoute<Prefix>
  readonly delete: AddRoute<Prefix>
  /** For any other method; `'*'` is every method. */
  readonly route: <Path extends string>(method: string, path: Path, handler: HandlerAt<`${Prefix}${Path}`>) => void
  /** A WebSocket: `handler` owns each connection, and closes it by returning. Other requests there are answered with 426. */
  readonly webSocket: <Path extends string>(
    path: Path,
    handler: SocketHandler<PathParams<`${Prefix}${Path}`>>,
    options?: WebSocketOptions,
  ) => void
  /** Routes with a common beginning, each handler inside `around`, the first outermost. */
  readonly group: <Path extends string>(path: Path, ...around: HandlerMiddleware[]) => Routes<`${Prefix}${Path}`>
}

/** Parameters are typed where a route is written, and no longer where it is kept. */
export type AnyHandler = Handler<never>

export function routes<Prefix extends string>(
  prefix: Prefix,
  around: readonly HandlerMiddleware[],
  add: (method: string, pattern: string, handler: AnyHandler) => void,
): Routes<Prefix> {
  const wrapped = (handler: AnyHandler): AnyHandler => around.reduceRight((inner, wrap) => wrap(inner), handler)
  const route = (method: string, path: string, inner: AnyHandler): void => add(method, prefix + path, wrapped(inner))
  return {
    get: (path, handler) => route('GET', path, handler),
    post: (path, handler) => route('POST', path, handler),
    put: (path, handler) => route('PUT', path, handler),
    patch: (path, handler) => route('PATCH', path, handler),
    delete: (path, handler) => route('DELETE', path, handler),
    route,
    webSocket: (path, handler, options = {}) =>
      route('GET', path, (context) => upgrade(context, handler as never, options)),
    group: (path, ...inner) => routes(`${prefix}${path}`, [...around, ...inner], add),
  }
}
