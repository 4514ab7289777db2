import type { Application, ErrorStream } from '@tsgi/spec'
import { type CheckedFields, Exchange, makeContext } from '@tsgi/exchange'
import { environOf, remoteOf, type Remote } from './fetch-environ.ts'
import { FetchCarrier, type HostContext } from './fetch-carrier.ts'
import { FetchFacts } from './fetch-facts.ts'

export interface ToFetchOptions {
  /** The prefix that the host has taken off the path, as `app.mount` of Hono does: without trailing slash. Default: `''`. */
  readonly scriptName?: string | undefined
  /** Where the client is. Default: found in what `@hono/node-server`, `@whatwg-node/server`, srvx, Bun and Deno pass. */
  readonly remote?: ((request: Request, info: unknown) => Remote) | undefined
  /** Aborts when the host begins to stop, of which a fetch handler has no notice by itself: `environ.server.draining` follows it. Default: not offered. */
  readonly draining?: AbortSignal | undefined
  /** Where the application's errors go. Default: `console.error`. */
  readonly errors?: ErrorStream | undefined
}

/** A TSGI application as a fetch handler. It never rejects: what the application fails with is logged and answered. */
export interface FetchHandler {
  (request: Request, info?: unknown, context?: HostContext): Promise<Response>
  /** Runs the application's `shutdown`: a fetch handler does not hear that its host stops. */
  shutdown(): Promise<void>
}

/**
 * Runs a TSGI application wherever a fetch handler runs. The application's `startup` runs before the first request.
 *
 * @example
 * serve({ fetch: toFetch(application) })
 */
export function toFetch(app: Application, options: ToFetchOptions = {}): FetchHandler {
  const { scriptName = '', remote = remoteOf, errors = consoleErrors, draining } = options
  const startup = startOnce(app)

  const handler: FetchHandler = (request, info, host) => {
    // Some hosts pass on what is no host, and then have no URL for the request (RFC 9112 §3.2: 400).
    if (!URL.canParse(request.url)) return Promise.resolve(new Response('The URL cannot be read.\n', BAD_REQUEST))
    const carrier = new FetchCarrier(request, errors, host, draining)
    const exchange = new Exchange<CheckedFields>(carrier, new FetchFacts(request))
    const server = makeContext(NAME, exchange, 'basic')
    const environ = environOf(request, { scriptName, remote: remote(request, info), info, errors, server })
    return carrier.carry(exchange, environ.input, () => {
      const starting = startup()
      if (starting === null) exchange.run(app, environ)
      else
        starting.then(
          () => exchange.run(app, environ),
          (error: unknown) => exchange.fail(error),
        )
    })
  }
  handler.shutdown = async () => app.shutdown?.()
  return handler
}

const NAME = 'tsgi-fetch/1.0'

const BAD_REQUEST = { status: 400, headers: { 'content-type': 'text/plain; charset=utf-8', connection: 'close' } }

/** The application's `startup`, before the first request; `null` once it is done. One that failed is tried again by the next request. */
function startOnce(app: Application): () => Promise<void> | null {
  let started = app.startup === undefined
  let starting: Promise<void> | null = null
  const start = async (): Promise<void> => {
    try {
      await app.startup?.()
      started = true
    } finally {
      starting = null
    }
  }
  return () => (started ? null : (starting ??= start()))
}

const consoleErrors: ErrorStream = {
  write: (text) => console.error(text.trimEnd()),
  flush: () => undefined,
}
