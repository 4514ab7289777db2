import type { Awaitable } from '@tsgi/spec'
import { HttpError } from './errors.ts'
import type { ViewFunction } from './patterns.ts'
import type { HttpRequest } from './request.ts'
import { HttpResponse } from './response.ts'

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const
type Methods = Partial<Record<(typeof METHODS)[number], () => Awaitable<HttpResponse>>>

/**
 * A view as a class: one instance for each request, one method for each HTTP method. HEAD is answered by `get`, OPTIONS
 * with what there is, anything else with 405.
 *
 * @example
 * class NoteView extends View<{ id: number }> {
 *   get() { return render(this.request, 'note', { note: find(this.params.id) }) }
 * }
 * path('notes/<int:id>/', NoteView.asView(), 'note')
 */
export abstract class View<Params = object> {
  readonly request: HttpRequest
  readonly params: Params
  constructor(request: HttpRequest, params: Params) {
    this.request = request
    this.params = params
  }

  static asView<P>(this: new (request: HttpRequest, params: P) => View<P>): ViewFunction<P> {
    const own = METHODS.filter((method) => typeof (this.prototype as Methods)[method] === 'function')
    const byMethod = new Map<string, keyof Methods>(own.map((method) => [method.toUpperCase(), method]))
    if (own.includes('get') && !own.includes('head')) byMethod.set('HEAD', 'get')
    const allow = ['allow', [...byMethod.keys(), 'OPTIONS'].join(', ')]
    return (request, params) => {
      const method = byMethod.get(request.method)
      if (method) return (new this(request, params) as View<P> & Required<Methods>)[method]()
      if (request.method === 'OPTIONS') return new HttpResponse(null, { status: 204, headers: allow })
      throw new HttpError(405, `${this.name} answers ${allow[1]}`, allow)
    }
  }
}
