import type { IncomingMessage, ServerResponse } from 'node:http'
import { isPromise, type Application } from '@tsgi/spec'
import { birthsFor } from './births.ts'
import { Exchange, type ExchangeSettings } from './exchange.ts'
import { hostServerOf, type HostServer } from './host-server.ts'
import { listenerOf } from './listener-place.ts'
import { middlewareListener } from './middleware-listener.ts'
import type { NodeApplication, NodeListener, NodeMiddleware } from './node-application.ts'
import { nodeListenerOf } from './node-listener.ts'
import { warnOfSettings } from './server-settings.ts'
import { upgradeBy } from './upgrade/server-upgrades.ts'

export interface FromNodeOptions {
  /**
   * Bytes that may wait for a server which has not begun to take the body, before `write` returns false; from then on the
   * server says when it is full. Default 64 KiB.
   */
  readonly highWaterMark?: number | undefined
  /**
   * A client that leaves after waiting so many milliseconds for a response that the listener has not begun is worth a line
   * in the log, since nothing else tells of a listener that never answers. 0: never. Default 1000.
   */
  readonly unansweredAfter?: number | undefined
}

/** For middleware that traces: instrumentation of `node:http` sees these requests by itself. */
const NODE_LISTENER = Symbol.for('tsgi.node-listener')

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
  // Not `NodeListener`: written out, it types the parameters of a function that is written in its place.
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
  options?: FromNodeOptions,
): Application
export function fromNodeListener(listener: NodeApplication, options?: FromNodeOptions): Application
export function fromNodeListener(listener: NodeApplication, options: FromNodeOptions = {}): Application {
  const recognised = nodeListenerOf(listener)
  const handle = recognised ?? bareListener(listener)
  const host = hostServerOf(listener, handle)
  const settings: ExchangeSettings = {
    births: birthsFor(listener),
    server: host.server,
    highWaterMark: options.highWaterMark ?? 64 * 1024,
    unansweredAfter: options.unansweredAfter ?? 1000,
    describeListener: (request) => listenerOf(listener, request),
  }

  const application: Application = (environ, startResponse) => {
    if (environ.server.upgrade !== undefined) {
      const upgraded = upgradeBy(host.server, settings.births, environ, startResponse)
      if (upgraded !== null) return upgraded
    }
    const exchange = new Exchange(environ, startResponse, settings)
    const returned = call(host, exchange)
    exchange.returned()
    if (isPromise(returned)) returned.then(undefined, (error: unknown) => exchange.failed(error))
    return exchange.delivery.take()
  }
  const { startup } = handle
  if (startup !== undefined || host.isOwn) {
    application.startup = async () => {
      await startup?.()
      if (host.isOwn) warnOfSettings(host.server)
    }
  }
  if (handle.shutdown !== undefined) application.shutdown = handle.shutdown
  Object.defineProperty(application, NODE_LISTENER, { value: true })
  return application
}

function call(host: HostServer, exchange: Exchange): unknown {
  try {
    return host.call(exchange.request, exchange.response)
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
  const isListener = value.length < 3 || isPolkaHandler(value)
  return isListener ? (value as NodeListener) : middlewareListener(value as NodeMiddleware)
}

/** `polka().handler`: what it takes as its third argument is not a `next`, and it answers 404 itself. */
const isPolkaHandler = ({ name, length }: Function): boolean => name === 'bound handler' && length === 3

const describe = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `an object with ${Object.keys(value).join(', ') || 'no keys'}`
    : String(value)
