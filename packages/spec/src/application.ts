import type { Awaitable } from './awaitable.ts'
import type { Body } from './body.ts'
import type { Environ } from './environ.ts'
import type { HeaderList } from './header-list.ts'

/**
 * Begins a response. The head waits for the first non-empty chunk, a flush or the end; until then a call with an error as
 * its third argument replaces it. A second call with two arguments throws; one with three after the head was sent rethrows
 * that error.
 *
 * @param status 200–599; 1xx come only from `earlyHints` and `upgrade`
 * @param headers flat list; no hop-by-hop fields but `connection: close`
 */
export interface StartResponse {
  (status: number, headers: HeaderList, error?: unknown): void
}

/**
 * A TSGI application: called once for each request, it calls `startResponse` and gives back the body. One that returns
 * no promise costs no promise.
 *
 * @example
 * export const application: Application = (environ, startResponse) => {
 *   startResponse(200, ['content-type', 'text/plain'])
 *   return `Hello from ${environ.pathInfo}\n`
 * }
 */
export interface Application {
  (environ: Environ, startResponse: StartResponse): Awaitable<Body>
  /** Once per process, before the first request. A rejection keeps the server from starting. */
  startup?: (() => Awaitable<void>) | undefined
  /** Once per process, after the last response. */
  shutdown?: (() => Awaitable<void>) | undefined
  /**
   * Whether requests should be sent to this process now. `false`, or a failure, means not now; it may be asked at any time between
   * `startup` and `shutdown`.
   */
  ready?: (() => Awaitable<boolean>) | undefined
}
