import { errorHtml, problemsOf, visibleFields } from '@tsgi/error-page'
import { statusReason } from '@tsgi/spec'
import type { HttpRequest } from './request.ts'
import { HttpResponse } from './response.ts'
import { createEta } from './templates.ts'

const templates = createEta(new URL('../templates/', import.meta.url), false)

/** What strangers see: nothing of the error. */
export function plainPage(_request: HttpRequest, status: number): HttpResponse {
  return new HttpResponse(templates.render('plain', { title: `${status} ${statusReason(status)}` }), { status })
}

/** What a developer sees: for a 404 the patterns that were tried, otherwise the error, its causes and their lines. */
export function developmentPage(request: HttpRequest, status: number, error: unknown): HttpResponse {
  const { headers, input: _input, errors: _errors, server: _server, ...environ } = request.environ
  const tried = request.site.urls.endpoints.map(({ route, name }) => ({ text: `/${route}`, remark: name }))
  const page = errorHtml({
    title: `${status} ${statusReason(status)}`,
    heading: `${request.method} ${request.path}`,
    problems: status === 404 && request.match === undefined ? [] : problemsOf(error),
    before: status === 404 ? [{ caption: 'Patterns that were tried, in this order', items: tried }] : [],
    sections: [
      { caption: 'Fields', rows: visibleFields(headers) },
      { caption: 'Environ', rows: Object.entries(environ).map(([name, value]) => [name, asText(value)] as const) },
    ],
    footer: 'This page is shown because development is on. In production visitors see the status alone.',
  })
  return new HttpResponse(page, { status })
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
