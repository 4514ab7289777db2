import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { middlewareListener } from './middleware-listener.ts'
import type { FastifyLike, HandlerLike, KoaLike, NodeListener, NodeMiddleware, PolkaLike } from './node-application.ts'

/**
 * The listener that a value of Node's world is, or `null` when nothing says that it is one: an Express or connect
 * application or router, a Koa application, a Fastify instance, an `http.Server`, an object with `handle`. A bare function is not
 * recognised, since it may as well be a TSGI application; `fromNodeListener` takes one at its caller's word.
 */
export function nodeListenerOf(value: unknown): NodeListener | null {
  if (typeof value === 'function') {
    if (isMarked(value)) return value as NodeListener
    if (!hasMethod(value, 'handle') || !hasMethod(value, 'use')) return null
    // A router, unlike an application, has nothing behind it and says so by an error.
    return hasMethod(value, 'listen') ? (value as NodeListener) : middlewareListener(value as NodeMiddleware)
  }
  if (typeof value !== 'object' || value === null) return null
  if (isFastify(value)) return fastifyListener(value)
  if (isKoa(value)) return koaListener(value)
  if (isHttpServer(value)) return serverListener(value)
  if (isPolka(value)) return (request, response) => value.handler(request, response)
  if (hasMethod(value, 'handle')) {
    const handler = value as unknown as HandlerLike
    return (request, response) => handler.handle(request, response)
  }
  return null
}

const KIND = Symbol.for('tsgi.kind')

const isMarked = (value: object): boolean => (value as { readonly [KIND]?: unknown })[KIND] === 'node'

const hasMethod = (value: object, name: string): boolean =>
  typeof (value as Readonly<Record<string, unknown>>)[name] === 'function'

const isFastify = (value: object): value is FastifyLike =>
  hasMethod(value, 'routing') && hasMethod(value, 'ready') && hasMethod(value, 'close')

const isKoa = (value: object): value is KoaLike => hasMethod(value, 'callback') && hasMethod(value, 'use')

const isHttpServer = (value: object): value is Server =>
  hasMethod(value, 'listen') && hasMethod(value, 'listeners') && hasMethod(value, 'setTimeout')

/** A polka application: its `handler` takes a third argument that is its own business, and no `next` of others in 0.5. */
const isPolka = (value: object): value is PolkaLike =>
  hasMethod(value, 'handler') && hasMethod(value, 'listen') && hasMethod(value, 'use') && hasMethod(value, 'parse')

function fastifyListener(fastify: FastifyLike): NodeListener {
  const listener: NodeListener = (request, response) => fastify.routing(request, response)
  listener.startup = async () => void (await fastify.ready())
  listener.shutdown = async () => void (await fastify.close())
  return listener
}

/** Composed at the first request, so that middleware and error listeners may be added until then. */
function koaListener(koa: KoaLike): NodeListener {
  let handle: NodeListener | null = null
  return (request, response) => {
    handle ??= koa.callback()
    return handle(request, response)
  }
}

function serverListener(server: Server): NodeListener {
  return (request, response) => {
    const expects = request.headers.expect !== undefined && server.listenerCount('checkContinue') > 0
    server.emit(expects ? 'checkContinue' : 'request', request, response as ServerResponse & { req: IncomingMessage })
  }
}
