/** What a client is shown when there is no answer of the application: plain, and without the cause unless in development (SPEC F.1). */
import type { ExchangeRequest } from './carrier.ts'
import { type HeaderList, header, statusReason } from '@tsgi/spec'

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

export function errorPage(status: number, error: unknown, request: ExchangeRequest, development: boolean): ErrorPage {
  const title = `${status} ${statusReason(status)}`
  if (!development) return { status, headers: PLAIN, body: `${title}\n` }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const place = `${request.method} ${request.path}`
  if (!header(request.headers, 'accept')?.includes('text/html')) {
    return { status, headers: PLAIN, body: `${title}\n${place}\n\n${detail}\n` }
  }
  const body =
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escapeHtml(title)}</title><style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;padding:0 1rem;` +
    `color-scheme:light dark}pre{overflow:auto;padding:1rem;border:1px solid;border-radius:.5rem;font:14px/1.5 ui-monospace,monospace}</style>` +
    `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(place)}</p><pre>${escapeHtml(detail)}</pre>` +
    `<p>Shown in development only.</p></html>\n`
  return { status, headers: HTML, body }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] as string)

/** The answer to a request that broke a rule: what was wrong, since the client made it. */
export function protocolErrorPage(status: number, message: string): ErrorPage {
  return { status, headers: PLAIN, body: `${status} ${statusReason(status)}\n\n${message}\n` }
}
