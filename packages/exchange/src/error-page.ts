/** What a client is shown when there is no answer of the application: plain, and without the cause unless in development (SPEC F.1). */
import { developmentScript, errorHtml, errorText, problemsOf, visibleFields } from '@tsgi/error-page'
import { type HeaderList, header, statusReason } from '@tsgi/spec'
import type { ExchangeRequest } from './carrier.ts'

export interface ErrorPage {
  readonly status: number
  readonly headers: HeaderList
  readonly body: string
}

const PLAIN: HeaderList = Object.freeze([
  'content-type',
  'text/plain; charset=utf-8',
  'x-content-type-options',
  'nosniff',
])
const HTML: HeaderList = Object.freeze(['content-type', 'text/html; charset=utf-8', 'cache-control', 'no-store'])

/** @param request of which the query, where the host gives it, is shown too */
export function errorPage(
  status: number,
  error: unknown,
  request: Pick<ExchangeRequest, 'method' | 'path' | 'headers'> & { readonly query?: string },
  development: boolean,
): ErrorPage {
  const title = `${status} ${statusReason(status)}`
  if (!development) return { status, headers: PLAIN, body: `${title}\n` }
  const { method, path, query = '', headers } = request
  const report = {
    title,
    heading: `${method} ${path}`,
    problems: problemsOf(error),
    sections: [
      ...(query === '' ? [] : [{ caption: 'Query', rows: visibleFields([...new URLSearchParams(query)].flat()) }]),
      { caption: 'Fields', rows: visibleFields(headers) },
    ],
    footer: 'Shown in development only. In production the client gets the status alone.',
    // A page that answers a form is not reloaded: the browser would ask whether to send the form again.
    script: method === 'GET' ? developmentScript() : undefined,
  }
  return header(headers, 'accept')?.includes('text/html')
    ? { status, headers: HTML, body: errorHtml(report) }
    : { status, headers: PLAIN, body: errorText(report) }
}

/** The answer to a request that broke a rule: what was wrong, since the client made it. */
export function protocolErrorPage(status: number, message: string): ErrorPage {
  return { status, headers: PLAIN, body: `${status} ${statusReason(status)}\n\n${message}\n` }
}
