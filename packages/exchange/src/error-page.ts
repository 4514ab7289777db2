/** What a client is shown when there is no answer of the application: plain, and without the cause unless in development (SPEC F.1). */
import { type HeaderList, statusReason } from '@tsgi/spec'
import type { ExchangeRequest } from './exchange-request.ts'

export interface ErrorPage {
  readonly status: number
  readonly headers: HeaderList
  readonly body: string
}

/**
 * Makes the page of an error that a developer is shown. Passed in by hosts, since what reads source files is not for
 * every runtime.
 *
 * @param title such as `500 Internal Server Error`
 * @param request of which the query, where the host gives it, is shown too
 */
export type ErrorPageMaker = (
  title: string,
  error: unknown,
  request: Pick<ExchangeRequest, 'method' | 'path' | 'headers'> & { readonly query?: string },
) => Pick<ErrorPage, 'headers' | 'body'>

const PLAIN: HeaderList = Object.freeze([
  'content-type',
  'text/plain; charset=utf-8',
  'x-content-type-options',
  'nosniff',
])

/** @param make `null` outside development */
export function errorPage(
  status: number,
  error: unknown,
  request: Parameters<ErrorPageMaker>[2],
  make: ErrorPageMaker | null,
): ErrorPage {
  const title = `${status} ${statusReason(status)}`
  if (make === null) return { status, headers: PLAIN, body: `${title}\n` }
  return { status, ...make(title, error, request) }
}

/** The answer to a request that broke a rule: what was wrong, since the client made it. */
export function protocolErrorPage(status: number, message: string): ErrorPage {
  return { status, headers: PLAIN, body: `${status} ${statusReason(status)}\n\n${message}\n` }
}
