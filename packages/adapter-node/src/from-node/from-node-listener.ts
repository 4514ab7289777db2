import { isPromise, type Application } from '@tsgi/spec'
import { birthsFor } from './births.ts'
import { Exchange } from './exchange.ts'
import { middlewareListener } from './middleware-listener.ts'
import {
  nodeListenerOf,
  type FastifyLike,
  type HandlerLike,
  type KoaLike,
  type NodeListener,
  type NodeMiddleware,
} from './node-listener.ts'
import { completeWithoutBody } from './node-request.ts'

export interface FromNodeOptions {
  /**
   * Bytes that may wait for a server which has not begun to take the body, before `write` returns false; from then on the
   * server says when it is full. Default 64 KiB.
   */
  readonly highWaterMark?: number | undefined
}

/**
 * Runs a Node listener as a TSGI application.
 *
 * @param listener an Express or connect application, a Koa application, a Fastify instance, an `http.Server`, an object
 *   with `handle`, a bare `(request, response)` function, or middleware `(request, response, next)`
 * @throws TypeError when it is none of these
 *
 * @example
 * const app = express().get('/', (req, res) => res.send('Hello'))
 * export const application = fromNodeListener(app)
 */
export function fromNodeListener(
  listener: NodeListener | NodeMiddleware | HandlerLike | KoaLike | FastifyLike,
  options: FromNodeOptions = {},
): Application {
  const handle = nodeListenerOf(listener) ?? bareListener(listener)
  const births = birthsFor(listener)
  const highWaterMark = options.highWaterMark ?? 64 * 1024

  const application: Application = (environ, startResponse) => {
    const exchange = new Exchange(environ, startResponse, births, highWaterMark)
    const returned = call(handle, exchange)
    completeWithoutBody(exchange.request)
    if (isPromise(returned)) returned.then(undefined, (error: unknown) => exchange.failed(error))
    return exchange.delivery.take()
  }
  if (handle.startup !== undefined) application.startup = handle.startup
  if (handle.shutdown !== undefined) application.shutdown = handle.shutdown
  return application
}

function call(handle: NodeListener, exchange: Exchange): unknown {
  try {
    return handle(exchange.request, exchange.response)
  } catch (error) {
    exchange.threw()
    throw error
  }
}

function bareListener(value: unknown): NodeListener {
  if (typeof value !== 'function') {
    throw new TypeError(
      `Expected a Node listener: (request, response) => …, an Express, Koa or Fastify application, or an http.Server; received ${describe(value)}.`,
    )
  }
  return value.length < 3 ? (value as NodeListener) : middlewareListener(value as NodeMiddleware)
}

const describe = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `an object with ${Object.keys(value).join(', ') || 'no keys'}`
    : String(value)
