import { serializeCookie, type CookieOptions } from '@tsgi/http-fields'
import { header, type Body, type HeaderList } from '@tsgi/spec'
import { SafeHtml } from './html.ts'

export interface ResponseOptions {
  readonly status?: number
  /** Default `text/html; charset=utf-8`. */
  readonly contentType?: string
  /** Flat, names in lower case: `['cache-control', 'no-store']`. */
  readonly headers?: HeaderList
}

/** What a view gives back; middleware may change it until it is sent. A generator or writing function as body streams. */
export class HttpResponse {
  status: number
  body: Body
  /** Flat list, names in lower case. */
  readonly headers: string[]

  constructor(body: Body | SafeHtml = null, options: ResponseOptions = {}) {
    this.status = options.status ?? 200
    this.body = body instanceof SafeHtml ? body.markup : body
    this.headers = body === null ? [] : ['content-type', options.contentType ?? 'text/html; charset=utf-8']
    if (options.headers !== undefined) this.headers.push(...options.headers)
  }

  header(name: string): string | undefined {
    return header(this.headers, name)
  }

  /** Replaces every field of this name. */
  setHeader(name: string, value: string): this {
    for (let i = this.headers.length - 2; i >= 0; i -= 2) if (this.headers[i] === name) this.headers.splice(i, 2)
    this.headers.push(name, value)
    return this
  }

  /** Adds a name to `vary`, once. */
  vary(name: string): this {
    const names = this.header('vary')?.split(/, */) ?? []
    return names.includes(name) ? this : this.setHeader('vary', [...names, name].join(', '))
  }

  /** For the whole site unless `path` says otherwise. To delete one, set it with `maxAge: 0` and its former options. */
  setCookie(name: string, value: string, options: CookieOptions = {}): this {
    this.headers.push('set-cookie', serializeCookie(name, value, { path: '/', ...options }))
    return this
  }
}

export class JsonResponse extends HttpResponse {
  constructor(data: unknown, options: ResponseOptions = {}) {
    super(JSON.stringify(data), { contentType: 'application/json', ...options })
  }
}

/** @param status 303 makes the browser follow with GET, which is right after a form */
export function redirect(location: string, status: 301 | 302 | 303 | 307 | 308 = 303): HttpResponse {
  return new HttpResponse(null, { status, headers: ['location', location] })
}
