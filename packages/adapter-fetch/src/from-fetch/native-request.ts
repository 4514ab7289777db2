import type { Environ } from '@tsgi/spec'
import type { RequestContext } from './execution-context.ts'
import { appendFields } from '../header-fields.ts'
import { bodyStream, hasBody } from './request-body.ts'
import { rawUrl } from './request-url.ts'
import { FORBIDDEN_METHODS, type ServerRequest } from './server-request.ts'

// The global's type without what is overridden: it declares `signal` as a property, which an accessor may not replace.
type Members = Omit<Request, 'signal' | 'clone'> & { clone(): Request }
const Base = Request as unknown as new (url: string, init?: RequestInit) => Members

/**
 * A genuine `Request`: it can be cloned, wrapped and fetched wherever one is asked for. What costs is left out or late: a
 * GET has no init (0.7 µs instead of 1.8 µs), and the signal is the server's own, made when it is looked at (to follow it
 * from the start would cost 4 µs).
 */
export class NativeServerRequest extends Base implements ServerRequest {
  readonly #environ: Environ
  readonly #context: RequestContext

  constructor(environ: Environ, context: RequestContext) {
    super(rawUrl(environ), requestInit(environ))
    this.#environ = environ
    this.#context = context
    appendFields(this.headers, environ.headers)
    const method = environ.requestMethod
    if (FORBIDDEN_METHODS.has(method)) Object.defineProperty(this, 'method', { value: method })
  }

  get signal(): AbortSignal {
    return this.#environ.server.signal
  }

  get ip(): string | undefined {
    return this.#environ.remoteAddr ?? undefined
  }

  get runtime(): ServerRequest['runtime'] {
    return { name: 'tsgi', tsgi: { environ: this.#environ } }
  }

  waitUntil(promise: PromiseLike<unknown>): void {
    this.#context.waitUntil(promise)
  }

  override clone(): Request {
    return Object.defineProperty(super.clone(), 'signal', { configurable: true, get: () => this.signal })
  }
}

function requestInit(environ: Environ): RequestInit | undefined {
  const method = environ.requestMethod
  if (method === 'GET') return undefined
  const named = FORBIDDEN_METHODS.has(method) ? {} : { method }
  return hasBody(environ) ? { ...named, body: bodyStream(environ), duplex: 'half' } : named
}
