import { inspect } from 'node:util'
import { FormError } from '@tsgi/http-fields'
import { isInputError, isPromise, type Application, type Awaitable, type Body, type StartResponse } from '@tsgi/spec'
import { Context, type BodyLimits } from './context.ts'
import { HttpError } from './http-error.ts'
import { mounted } from './mount.ts'
import { Reply, send, type Result } from './reply.ts'
import { ANY_METHOD, decodeSegments, Router, type Match } from './router.ts'
import { routes, type AnyHandler, type Handler, type Routes } from './routes.ts'

/** A function of an application to an application; it forwards `startup` and `shutdown` (`withLifespan` of @tsgi/spec). */
export type Middleware = (inner: Application) => Application

/** Answers a request whose handler threw. The status is the error's unless the result names one. */
export type ErrorHandler = (error: unknown, context: Context) => Awaitable<Result>

/** An application made of routes. */
export interface Mini extends Application, Routes<''> {
  /** Puts a middleware around the whole, the first outermost; before the application starts. */
  readonly use: (middleware: Middleware) => void
  /** Gives what no route answers at and below `prefix` to another application, and calls its startup and shutdown. */
  readonly mount: (prefix: string, application: Application) => void
  /** For what handlers throw, and for 400, 405 and the like. Without one, unknown errors are the server's to answer. */
  readonly onError: (handler: ErrorHandler) => void
  /** For 404, unrouted or thrown. */
  readonly onNotFound: (handler: Handler) => void
  /** Once per process, before the first request; hooks and mounted applications in the order they were added. */
  readonly onStartup: (hook: () => Awaitable<void>) => void
  /** Once per process, after the last response; in the opposite order. */
  readonly onShutdown: (hook: () => Awaitable<void>) => void
}

/** What a route leads to. */
type Target = { readonly handler: AnyHandler; readonly application?: never } | { readonly application: Application }

/**
 * @example
 * const app = mini()
 * app.get('/hello/:name', ({ params }) => `Hello, ${params.name}!\n`)
 * export default app
 */
export function mini(options: Partial<BodyLimits> = {}): Mini {
  const limits: BodyLimits = { maxBodySize: options.maxBodySize ?? 1024 * 1024, form: options.form ?? {} }
  const router = new Router<Target>()
  const middleware: Middleware[] = []
  const lifespans = new Set<Pick<Application, 'startup' | 'shutdown' | 'ready'>>()
  let onError: ErrorHandler | undefined
  let onNotFound: Handler | undefined
  let composed: Application | undefined

  const dispatch: Application = (environ, startResponse) => {
    const { target, params } = router.match(environ.requestMethod, environ.pathInfo) ?? noMatch
    if (target.application !== undefined) return target.application(environ, startResponse)
    const context = new Context(environ, params as never, limits)
    let result: Awaitable<Result>
    try {
      result = target.handler(context)
    } catch (error) {
      return recover(error, context, startResponse)
    }
    if (!isPromise(result)) return send(result, 200, context.responseHeaders, startResponse, environ.server)
    return result.then(
      (value) => send(value, 200, context.responseHeaders, startResponse, environ.server),
      (error: unknown) => recover(error, context, startResponse),
    )
  }

  /** The answer to an error: the application's own, else a line of text, else the server's. */
  function recover(error: unknown, context: Context, startResponse: StartResponse): Awaitable<Body> {
    const isAnswer = error instanceof HttpError || error instanceof FormError
    const status = isAnswer || isInputError(error) ? error.status : 500
    const fields = error instanceof HttpError ? error.headers : []
    const finish = (result: Result): Body =>
      send(result, status, [...fields, ...context.responseHeaders], startResponse, context.environ.server)
    let result: Awaitable<Result>
    if (status === 404 && onNotFound !== undefined) result = onNotFound(context)
    else if (onError !== undefined) result = onError(error, context)
    else if (isAnswer) result = `${error.message}\n`
    else throw error
    // The server logs what reaches it; what was answered here does not.
    if (status >= 500 && !isAnswer) context.environ.errors.write(`${inspect(error)}\n`)
    return isPromise(result) ? result.then(finish) : finish(result)
  }

  /** For paths and methods without a route. */
  const missing = ({ environ: { requestMethod, pathInfo } }: Context): Result => {
    const segments = decodeSegments(pathInfo)
    if (segments === undefined) throw new HttpError(400, 'The path has an escape that does not decode as UTF-8.')
    const allow = router.allowed(segments).join(', ')
    if (allow === '') throw new HttpError(404)
    if (requestMethod === 'OPTIONS') return new Reply(null, ['allow', allow], 204)
    throw new HttpError(405, undefined, ['allow', allow])
  }
  const noMatch: Match<Target> = { target: { handler: missing }, params: {} }

  dispatch.startup = async () => {
    for (const part of lifespans) await part.startup?.()
  }
  dispatch.shutdown = async () => {
    for (const part of [...lifespans].toReversed()) await part.shutdown?.()
  }

  dispatch.ready = async () => {
    for (const part of lifespans) if ((await part.ready?.()) === false) return false
    return true
  }

  const compose = (): Application => (composed ??= middleware.reduceRight((inner, wrap) => wrap(inner), dispatch))
  const app: Application = (environ, startResponse) => (composed ?? compose())(environ, startResponse)

  const add = (method: string, pattern: string, handler: AnyHandler): void => router.add(method, pattern, { handler })
  return Object.assign(app, routes('', [], add), {
    use(added: Middleware) {
      if (composed !== undefined) throw new Error('use(): add middleware before the application starts')
      middleware.push(added)
    },
    mount(prefix: string, application: Application) {
      const base = prefix.replace(/\/$/, '')
      const target = { application: mounted(application, base.split('/').length - 1) }
      if (base !== '') router.add(ANY_METHOD, base, target)
      router.add(ANY_METHOD, `${base}/*`, target)
      lifespans.add(application)
    },
    onError: (handler: ErrorHandler) => void (onError = handler),
    onNotFound: (handler: Handler) => void (onNotFound = handler),
    onStartup: (startup: () => Awaitable<void>) => void lifespans.add({ startup }),
    onShutdown: (shutdown: () => Awaitable<void>) => void lifespans.add({ shutdown }),
    startup: async () => compose().startup?.(),
    shutdown: async () => compose().shutdown?.(),
    onReady: (ready: () => Awaitable<boolean>) => void lifespans.add({ ready }),
    ready: async () => (await compose().ready?.()) ?? true,
  })
}
