/** What a client is shown in development when an application fails. */
import { developmentScript } from './development-script.ts'
import { errorHtml } from './error-html.ts'
import { errorText } from './error-text.ts'
import { problemsOf } from './problem.ts'
import { visibleFields } from './request-fields.ts'

export interface FailedRequest {
  readonly method: string
  readonly path: string
  /** Without its question mark; shown where the host gives it. */
  readonly query?: string | undefined
  /** Names and values in turn, names in lower case. */
  readonly headers: readonly string[]
}

export interface DevelopmentPage {
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: string
}

const HTML: readonly string[] = Object.freeze(['content-type', 'text/html; charset=utf-8', 'cache-control', 'no-store'])
const PLAIN: readonly string[] = Object.freeze([
  'content-type',
  'text/plain; charset=utf-8',
  'x-content-type-options',
  'nosniff',
])

/**
 * HTML for a client that accepts it, else plain text.
 *
 * @param title such as `500 Internal Server Error`
 */
export function developmentPage(title: string, error: unknown, request: FailedRequest): DevelopmentPage {
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
  return acceptsHtml(headers) ? { headers: HTML, body: errorHtml(report) } : { headers: PLAIN, body: errorText(report) }
}

const acceptsHtml = (headers: readonly string[]): boolean =>
  headers.some((name, at) => at % 2 === 0 && name === 'accept' && headers[at + 1]?.includes('text/html') === true)
