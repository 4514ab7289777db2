/** A framework: routes are functions, and all of them together are one TSGI application. */
import type { Application, Awaitable, Body, Environ, HeaderList } from '@tsgi/spec'

export interface Answer {
  readonly status?: number
  readonly headers?: HeaderList
  readonly body: Body
}

export interface Handler {
  (environ: Environ): Awaitable<Answer | string>
}

export interface Framework extends Application {
  /** Answers a method on exactly this path. Parameters, HEAD and 405 are still to be written. */
  route(method: string, path: string, handler: Handler): void
}

export function framework(): Framework {
  const handlers = new Map<string, Handler>()
  const application: Application = async (environ, startResponse) => {
    const handler = handlers.get(`${environ.requestMethod} ${environ.pathInfo}`)
    const answer = handler === undefined ? { status: 404, body: 'Not found\n' } : await handler(environ)
    const { status = 200, headers = [], body }: Answer = typeof answer === 'string' ? { body: answer } : answer
    startResponse(status, ['content-type', 'text/plain; charset=utf-8', ...headers])
    return body
  }
  return Object.assign(application, {
    route(method: string, path: string, handler: Handler) {
      handlers.set(`${method} ${path}`, handler)
    },
  })
}
