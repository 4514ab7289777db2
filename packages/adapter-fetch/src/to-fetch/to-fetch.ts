import type { Application, ErrorStream } from '@tsgi/spec'
import { FetchContext } from './fetch-context.ts'
import { environOf, remoteOf, type Remote } from './fetch-environ.ts'
import { FetchExchange } from './fetch-exchange.ts'

export interface ToFetchOptions {
  /** The prefix that the host has taken off the path, as `app.mount` of Hono does: without trailing slash. Default: `''`. */
  readonly scriptName?: string | undefined
  /** Where the client is, told by what the host passes. Default: found in what `@hono/node-server` and Deno pass. */
  readonly remote?: ((request: Request, info: unknown) => Remote) | undefined
  /** Where the application's errors go. Default: `console.error`. */
  readonly errors?: ErrorStream | undefined
}

/** What a host on which work may end with the response passes as third argument. */
export interface HostContext {
  waitUntil?(promise: Promise<unknown>): void
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
  const { scriptName = '', remote = (_, info) => remoteOf(info), errors = consoleErrors } = options
  const started = startedOnce(app)

  const handler: FetchHandler = (request, info, host) => {
    const context = new FetchContext(request, errors)
    host?.waitUntil?.(context.finished)
    const environ = environOf(request, { scriptName, remote: remote(request, info), info, errors, server: context })
    return new FetchExchange(environ, context).answer(started, request)
  }
  handler.shutdown = async () => app.shutdown?.()
  return handler
}

/** The application with its `startup` before the first request. A startup that failed is tried again by the next one. */
function startedOnce(app: Application): Application {
  if (app.startup === undefined) return app
  let startup: Promise<void> | undefined
  const start = async (): Promise<void> => {
    try {
      await app.startup?.()
    } catch (error) {
      startup = undefined
      throw error
    }
  }
  return async (environ, startResponse) => {
    await (startup ??= start())
    return app(environ, startResponse)
  }
}

const consoleErrors: ErrorStream = {
  write: (text) => console.error(text.trimEnd()),
  flush: () => undefined,
}
