import type { Environ } from '@tsgi/spec'
import type { RequestContext } from './execution-context.ts'

/** What h3 looks for on a request beyond the standard, by srvx's names. */
export interface ServerRequest extends Request {
  /** The client's address, as far as trusted proxies tell. */
  readonly ip: string | undefined
  readonly runtime: { readonly name: 'tsgi'; readonly tsgi: { readonly environ: Environ } }
  waitUntil(promise: PromiseLike<unknown>): void
}

export type ServerRequestClass = new (environ: Environ, context: RequestContext) => ServerRequest

/** Methods that the Request class refuses (Fetch §2.2.1) but a server may let through. */
export const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])
