/** Eta templates with auto-escaping: `<%= %>` escapes all but {@link SafeHtml}, `<%~ %>` inserts as it is. */
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import { csrfField } from './csrf.ts'
import { ImproperlyConfigured } from './errors.ts'
import { escapeHtml } from './html.ts'
import type { HttpRequest, Site } from './request.ts'
import { HttpResponse, type ResponseOptions } from './response.ts'

export interface TemplateSettings {
  readonly folder: string | URL
  /** Values that every template gets, such as the visitor's name. */
  readonly context?: (request: HttpRequest) => object
}

/** Names in every template; the view's own values are in `it`. */
const HELPERS = 'const { request, url, staticUrl, csrfField } = it;'

/** @param fresh templates are read anew each time, and their errors quote them */
export function createEta(folder: string | URL, fresh: boolean, functionHeader = ''): Eta {
  const views = folder instanceof URL ? fileURLToPath(folder) : folder
  return new Eta({ views, cache: !fresh, debug: fresh, escapeFunction: escapeHtml, functionHeader })
}

export function compileTemplates(settings: TemplateSettings | undefined, development: boolean): Site['render'] {
  const eta = settings && createEta(settings.folder, development, HELPERS)
  return (request, name, context) => {
    if (!eta) throw new ImproperlyConfigured('a template was asked for, and there are no templates in settings')
    return eta.render(name, {
      ...settings.context?.(request),
      ...context,
      request,
      url: request.reverse.bind(request),
      staticUrl: (file: string) => request.site.settings.staticUrl + file,
      csrfField: () => csrfField(request),
    })
  }
}

/** Answers with a template: `render(request, 'notes/list', { notes })`. */
export function render(request: HttpRequest, name: string, context = {}, options?: ResponseOptions): HttpResponse {
  return new HttpResponse(request.site.render(request, name, context), options)
}
