import { parseCookies, readBytes, readMultipart, readUrlEncoded, type Cookies } from '@tsgi/http-fields'
import { header, headers, type Environ } from '@tsgi/spec'
import { HttpError } from './errors.ts'
import type { NamesOf } from './route-types.ts'
import type { Params } from './route.ts'
import { accessSession, type SessionData } from './session-state.ts'
import type { Signer } from './signing.ts'
import type { Query, ResolverMatch, Urls } from './urls.ts'

/**
 * Merge your patterns into it, and the compiler checks `request.reverse`:
 * `declare module '@tsgi/framework-views' { interface Register { urlpatterns: typeof urlpatterns } }`.
 */
export interface Register {}
type Known = Register extends { readonly urlpatterns: readonly (infer P)[] }
  ? NamesOf<P>
  : { name: string; params: Params }
type ParamsFor<N, K = Known> = K extends { readonly name: infer M; readonly params: infer P }
  ? N extends M
    ? P
    : never
  : never
type AndQuery<P> = Record<never, never> extends P ? [params?: P, query?: Query] : [params: P, query?: Query]

/** What a form sent: `URLSearchParams`, or `FormData` where it came as multipart. */
export interface FormValues {
  get(name: string): string | File | null
  getAll(name: string): (string | File)[]
}

/** What all requests of an application share: its settings, as they were made into at start. */
export interface Site {
  readonly settings: {
    /** Whether error pages show patterns, stack and source. */
    readonly development: boolean
    /** Where `staticUrl('app.css')` points in templates. */
    readonly staticUrl: string
    /** Whether a path without a route is redirected to the one with a slash behind it. */
    readonly appendSlash: boolean
    /** Of a body or form kept in memory, in bytes. */
    readonly maxBodySize: number
  }
  readonly urls: Urls
  /** Renders a template. */
  readonly render: (request: HttpRequest, name: string, context: object) => string
  /** @throws ImproperlyConfigured without a usable `settings.secretKey` */
  signer(purpose: string): Signer
}

/** A request as views and middleware see it. What needs work is worked out when first asked for. */
export class HttpRequest {
  readonly environ: Environ
  readonly site: Site
  #match: ResolverMatch | undefined | null = null
  #query: URLSearchParams | undefined
  #cookies: Cookies | undefined
  #form: Promise<FormValues> | undefined

  constructor(environ: Environ, site: Site) {
    this.environ = environ
    this.site = site
  }

  get method(): string {
    return this.environ.requestMethod
  }

  /** As sent, the mount prefix included. */
  get path(): string {
    return this.environ.scriptName + this.environ.pathInfo
  }

  /** The route that answers; `undefined` when there is none. Throws a 400 for a bad escape in the path. */
  get match(): ResolverMatch | undefined {
    if (this.#match === null) this.#match = this.site.urls.resolve(this.environ.pathInfo)
    return this.#match
  }

  get query(): URLSearchParams {
    // Without the "&" the constructor would drop a question mark at the start.
    return (this.#query ??= new URLSearchParams(`&${this.environ.queryString}`))
  }

  get cookies(): Cookies {
    return (this.#cookies ??= parseCookies(headers(this.environ, 'cookie').join('; ')))
  }

  /** What {@link signCookie} signed; `undefined` when it is missing, was changed, or is older than `maxAge` seconds. */
  signedCookie(name: string, maxAge?: number): string | undefined {
    return this.site.signer(`cookie ${name}`).unsign(this.cookies[name] ?? '', maxAge)
  }

  /** A value for `response.setCookie(name, …)` that the visitor can read but not change. */
  signCookie(name: string, value: string): string {
    return this.site.signer(`cookie ${name}`).sign(value)
  }

  get isSecure(): boolean {
    return this.environ.urlScheme === 'https'
  }

  /** Scheme, host and port that the client asked for: `https://example.org`. */
  get origin(): string {
    const { urlScheme, serverName, serverPort } = this.environ
    const isDefault = serverPort === null || serverPort === (this.isSecure ? 443 : 80)
    return `${urlScheme}://${serverName}${isDefault ? '' : `:${serverPort}`}`
  }

  /** Kept between the requests of one visitor; needs `SessionMiddleware`. */
  get session(): SessionData {
    return accessSession(this).data
  }

  /** The first field called `name` (lower case). */
  header(name: string): string | undefined {
    return header(this.environ, name)
  }

  /**
   * The path of a named route, mount prefix included. Throws {@link NoReverseMatch}.
   *
   * @example request.reverse('notes:detail', { id: 7 }, { tab: 'history' }) // '/notes/7/?tab=history'
   */
  reverse<N extends Known['name']>(name: N, ...[params, query]: AndQuery<ParamsFor<N>>): string {
    return this.environ.scriptName + this.site.urls.reverse(name, params as Params, query)
  }

  /** The whole body, of at most `settings.maxBodySize` bytes. Longer ones stream from `environ.input`. */
  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return readBytes(this.environ.input, this.site.settings.maxBodySize)
  }

  /** Throws a 400 when the body is no JSON. */
  async json(): Promise<unknown> {
    const text = new TextDecoder().decode(await this.bytes())
    try {
      return JSON.parse(text) as unknown
    } catch (error) {
      throw new HttpError(400, `a JSON body was expected: ${String(error)}`)
    }
  }

  /** Whether the body is one that an HTML form sends. */
  get hasForm(): boolean {
    return /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i.test(this.header('content-type') ?? '')
  }

  /** The fields of an HTML form, files in memory; the same promise each time. Throws a 415 for other bodies. */
  form(): Promise<FormValues> {
    return (this.#form ??= this.#readForm())
  }

  async #readForm(): Promise<FormValues> {
    const type = this.header('content-type') ?? 'a body without content-type'
    const maxFieldsSize = this.site.settings.maxBodySize
    if (!this.hasForm) throw new HttpError(415, `a form was expected, got ${type}`)
    if (!/^multipart/i.test(type)) return readUrlEncoded(this.environ.input, { maxFieldsSize })
    const form = new FormData()
    let room = maxFieldsSize
    for await (const part of readMultipart(this.environ.input, type, { maxFieldsSize })) {
      if (part.kind === 'field') form.append(part.name, part.value)
      else {
        const content = await readBytes(part.content, room)
        room -= content.length
        form.append(part.name, new File([content], part.filename, { type: part.type }))
      }
    }
    return form
  }
}
