import { FormError, parseCookies, readBytes, readMultipart, readUrlEncoded, serializeCookie } from '@tsgi/http-fields'
import type { CookieOptions, Cookies, FormFile, FormLimits, FormPart } from '@tsgi/http-fields'
import { header, headers, type Awaitable, type Environ, type HeaderList } from '@tsgi/spec'
import { HttpError } from './http-error.ts'
import type { AnyPathParams } from './path-params.ts'

export interface BodyLimits {
  /** Of a body read whole, by `bytes`, `text` or `json`; larger is 413. Default 1 MiB. */
  readonly maxBodySize: number
  readonly form: Partial<FormLimits>
}

/** A request, as a handler sees it. What costs something is made when first asked for. */
export class Context<Params = AnyPathParams> {
  readonly environ: Environ
  readonly params: Params
  readonly #limits: BodyLimits
  #query: URLSearchParams | undefined
  #cookies: Cookies | undefined
  #headers: string[] | undefined

  constructor(environ: Environ, params: Params, limits: BodyLimits) {
    this.environ = environ
    this.params = params
    this.#limits = limits
  }

  get query(): URLSearchParams {
    // The constructor would drop a question mark at the start.
    return (this.#query ??= new URLSearchParams(`&${this.environ.queryString}`))
  }

  /** The cookies that came; what {@link setCookie} sets is not among them. */
  get cookies(): Cookies {
    return (this.#cookies ??= parseCookies(headers(this.environ, 'cookie').join('; ')))
  }

  /** Aborts when the client leaves before its answer is complete. */
  get signal(): AbortSignal {
    return this.environ.server.signal
  }

  /** Aborts when the server begins to stop before the answer is complete; `undefined` where the server is not notified of it. */
  get draining(): AbortSignal | undefined {
    return this.environ.server.draining
  }

  get responseHeaders(): HeaderList {
    return this.#headers ?? NO_HEADERS
  }

  /** The first field of that name (lower-case). */
  header(name: string): string | undefined {
    return header(this.environ, name)
  }

  /** Adds a field to the response, whatever the handler returns. */
  addHeader(name: string, value: string): void {
    ;(this.#headers ??= []).push(name, value)
  }

  /** By default for this application's paths, hidden from scripts, `lax`, and `secure` where this request came by https. */
  setCookie(name: string, value: string, options: CookieOptions = {}): void {
    const { scriptName, urlScheme } = this.environ
    const usual = { path: scriptName || '/', httpOnly: true, sameSite: 'lax', secure: urlScheme === 'https' } as const
    this.addHeader('set-cookie', serializeCookie(name, value, { ...usual, ...options }))
  }

  /** @throws FormError 413 */
  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return readBytes(this.environ.input, this.#limits.maxBodySize)
  }

  /** @throws FormError 413; HttpError 400 when the body is not UTF-8 */
  async text(): Promise<string> {
    return parsed('UTF-8', await this.bytes(), (bytes) => utf8.decode(bytes))
  }

  /** @throws FormError 413; HttpError 415 for another media type, 400 for what does not parse */
  async json(): Promise<unknown> {
    const type = mediaType(this)
    if (type !== 'application/json' && !type.endsWith('+json')) throw unsupported('application/json', type)
    return parsed('JSON', await this.text(), (source) => JSON.parse(source) as unknown)
  }

  /**
   * The fields of a url-encoded or multipart form.
   *
   * @param onFile called for each file in turn; without it, a form that brings a file is refused
   * @throws FormError 400 and 413; HttpError 415 for another media type
   */
  async form(onFile: (file: FormFile) => Awaitable<void> = refuseFile): Promise<URLSearchParams> {
    const type = mediaType(this)
    if (type === 'application/x-www-form-urlencoded') return readUrlEncoded(this.environ.input, this.#limits.form)
    if (type !== 'multipart/form-data') throw unsupported('a form', type)
    const fields = new URLSearchParams()
    for await (const part of this.parts()) {
      if (part.kind === 'field') fields.append(part.name, part.value)
      else if (part.filename !== '') await onFile(part)
    }
    return fields
  }

  /** A multipart form, part by part, as it comes; see `readMultipart` of @tsgi/http-fields. */
  parts(): AsyncGenerator<FormPart, void, void> {
    return readMultipart(this.environ.input, this.header('content-type') ?? '', this.#limits.form)
  }
}

const NO_HEADERS: HeaderList = []
const utf8 = new TextDecoder('utf-8', { fatal: true })

const mediaType = (context: Context<unknown>): string =>
  (context.header('content-type') ?? '').replace(/;.*/, '').trim().toLowerCase()

const unsupported = (expected: string, type: string): HttpError =>
  new HttpError(415, `Expected ${expected}, got ${type || 'no content-type'}.`)

function parsed<From, To>(kind: string, source: From, parse: (source: From) => To): To {
  try {
    return parse(source)
  } catch (error) {
    throw new HttpError(400, `The body is not ${kind}: ${(error as Error).message}`)
  }
}

function refuseFile(file: FormFile): never {
  throw new FormError(400, `no file was expected, and field "${file.name}" brought one`)
}
