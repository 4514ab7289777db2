import type { HttpRequest, HttpResponse, Middleware } from '@tsgi/framework-views'

const FIELDS = [
  [
    'content-security-policy',
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ],
  ['referrer-policy', 'same-origin'],
  ['x-content-type-options', 'nosniff'],
] as const

/** No scripts, no frames, nothing from elsewhere: what the escaping lets through by mistake stays harmless. */
export class SecurityHeaders implements Middleware {
  processResponse(request: HttpRequest, response: HttpResponse): HttpResponse {
    // The detailed error pages of development bring their own styles.
    if (request.site.settings.development && response.status >= 400) return response
    for (const [name, value] of FIELDS) response.setHeader(name, value)
    return response
  }
}
