/**
 * Protection against forged forms. A secret lies in a cookie, and every form repeats it, masked anew each time so that
 * compressed pages do not leak it (BREACH). Where the browser says which site a request came from, it must be this one.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { HttpError, ImproperlyConfigured } from './errors.ts'
import { html, type SafeHtml } from './html.ts'
import type { Middleware } from './middleware.ts'
import type { ViewFunction } from './patterns.ts'
import type { HttpRequest } from './request.ts'
import type { HttpResponse } from './response.ts'
import { hostCookie } from './sessions.ts'

const SIZE = 32
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

interface State {
  /** From the cookie. */
  readonly sent: Buffer | undefined
  /** Set once a token was asked for: pages without a form set no cookie. */
  used?: Buffer
}

const states = new WeakMap<HttpRequest, State>()
const exempt = new WeakSet<object>()

/** Lets a view take requests from anywhere, such as a webhook that checks a signature itself. */
export function csrfExempt<V extends ViewFunction<never>>(view: V): V {
  exempt.add(view)
  return view
}

/** A token for a form's `csrf_token` field or a script's `x-csrf-token` header. */
export function csrfToken(request: HttpRequest): string {
  const state = states.get(request)
  if (!state) throw new ImproperlyConfigured('a CSRF token was asked for, and there is no CsrfMiddleware in settings')
  state.used ??= state.sent ?? randomBytes(SIZE)
  const mask = randomBytes(SIZE)
  return Buffer.concat([mask, xor(mask, state.used)]).toString('base64url')
}

/** The hidden input that every form with method POST needs. */
export const csrfField = (request: HttpRequest): SafeHtml =>
  html`<input type="hidden" name="csrf_token" value="${csrfToken(request)}">`

/** Refuses unsafe requests without a token with 403. A view that streams a body itself needs the token in the header. */
export class CsrfMiddleware implements Middleware {
  readonly #trustedOrigins: readonly string[]

  /** @param options `trustedOrigins`: other sites whose forms may post here, such as `https://forms.example.org` */
  constructor(options: { readonly trustedOrigins?: readonly string[] } = {}) {
    this.#trustedOrigins = options.trustedOrigins ?? []
  }

  processRequest(request: HttpRequest): Promise<undefined> | undefined {
    const cookie = Buffer.from(request.cookies[hostCookie(request, 'csrf')] ?? '', 'base64url')
    const sent = cookie.length === SIZE ? cookie : undefined
    states.set(request, { sent })
    const isExempt = request.match !== undefined && exempt.has(request.match.endpoint.view)
    if (SAFE_METHODS.includes(request.method) || isExempt) return undefined
    const origin = request.header('origin') ?? request.origin
    if (origin !== request.origin && !this.#trustedOrigins.includes(origin)) {
      const remedy = 'name it in trustedOrigins, or let the server trust your proxy if both are the same site'
      throw new HttpError(403, `the request came from ${origin}, and this site is ${request.origin}: ${remedy}`)
    }
    if (!sent) throw new HttpError(403, 'the CSRF cookie is missing: open the form anew, with cookies allowed')
    const token = request.header('x-csrf-token')
    if (token !== undefined || !request.hasForm) return checkToken(token, sent)
    return request.form().then((form) => checkToken(form.get('csrf_token'), sent))
  }

  processResponse(request: HttpRequest, response: HttpResponse): HttpResponse {
    const { used, sent } = states.get(request) ?? {}
    if (!used) return response
    response.vary('cookie')
    if (used === sent) return response
    const options = { httpOnly: true, sameSite: 'lax', secure: request.isSecure, maxAge: 365 * 24 * 3600 } as const
    return response.setCookie(hostCookie(request, 'csrf'), used.toString('base64url'), options)
  }
}

function checkToken(token: unknown, secret: Buffer): undefined {
  const bytes = Buffer.from(typeof token === 'string' ? token : '', 'base64url')
  const unmasked = xor(bytes.subarray(0, SIZE), bytes.subarray(SIZE))
  if (bytes.length === 2 * SIZE && timingSafeEqual(unmasked, secret)) return undefined
  throw new HttpError(403, 'the CSRF token is missing or wrong: put csrfField() into the form')
}

const xor = (a: Uint8Array, b: Uint8Array): Buffer => Buffer.from(a.map((byte, at) => byte ^ (b[at] ?? 0)))
