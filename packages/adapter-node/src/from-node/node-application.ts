/** What of Node's world can be run: the shapes that are looked for. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Awaitable } from '@tsgi/spec'

/** What `http.createServer` takes, with the hooks of a TSGI application. */
export interface NodeListener {
  (request: IncomingMessage, response: ServerResponse): unknown
  startup?: (() => Awaitable<void>) | undefined
  shutdown?: (() => Awaitable<void>) | undefined
}

/** `(request, response, next)`, as connect and Express take it. */
export interface NodeMiddleware {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): unknown
}

/** A Koa application, as far as this package looks at it. */
export interface KoaLike {
  callback(): NodeListener
  use(...args: never): unknown
}

/** A Fastify instance, as far as this package looks at it. */
export interface FastifyLike {
  ready(): PromiseLike<unknown>
  routing(request: IncomingMessage, response: ServerResponse): unknown
  close(): PromiseLike<unknown>
}

/** A polka application, as far as this package looks at it. */
export interface PolkaLike {
  handler(request: IncomingMessage, response: ServerResponse): unknown
  listen(...args: never): unknown
  use(...args: never): unknown
  parse(...args: never): unknown
}

/** Anything with a method that handles requests. */
export interface HandlerLike {
  handle(request: IncomingMessage, response: ServerResponse): unknown
}

/** What `fromNodeListener` runs. */
export type NodeApplication = NodeListener | NodeMiddleware | HandlerLike | KoaLike | FastifyLike | PolkaLike | Server
