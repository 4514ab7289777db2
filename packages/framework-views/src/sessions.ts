import type { Awaitable } from '@tsgi/spec'
import { andThen, type Middleware } from './middleware.ts'
import type { HttpRequest, Site } from './request.ts'
import type { HttpResponse } from './response.ts'
import { accessSession, type SessionData, type SessionState, sessionStates } from './session-state.ts'
import type { Signer } from './signing.ts'

/** Where sessions are kept. The key is the cookie's value: unguessable, or signed. */
export interface SessionStore {
  /** `undefined` when the key is unknown, forged or older than `maxAge` seconds. */
  load(key: string, maxAge: number): Awaitable<SessionData | undefined>
  /** Keeps the data, under a new key when there is none, and gives the key. */
  save(key: string | undefined, data: SessionData, maxAge: number): Awaitable<string>
  remove(key: string): Awaitable<void>
}

/** The data themselves in the cookie: nothing to keep on the server, readable by the visitor, at most about 3 KB. */
export function signedCookieStore(signer: Signer): SessionStore {
  return {
    load(key, maxAge) {
      const text = signer.unsign(key, maxAge)
      return text === undefined ? undefined : (JSON.parse(Buffer.from(text, 'base64url').toString()) as SessionData)
    },
    save: (_key, data) => signer.sign(Buffer.from(JSON.stringify(data)).toString('base64url')),
    remove: () => undefined,
  }
}

/** Keeps the session under a new key. Do this at a login: a key planted on the visitor beforehand is then worthless. */
export function renewSession(request: HttpRequest): void {
  accessSession(request).renewed = true
}

export interface SessionOptions {
  /** Default: {@link signedCookieStore}. */
  readonly store?: SessionStore
  /** Default `session`; over https with the prefix `__Host-`. */
  readonly cookieName?: string
  /** Seconds since the last change. Default two weeks. */
  readonly maxAge?: number
}

/** Gives requests their `session`, and writes back what was changed. */
export class SessionMiddleware implements Middleware {
  readonly #name: string
  readonly #maxAge: number
  #store: SessionStore | undefined

  constructor({ store, cookieName = 'session', maxAge = 14 * 24 * 3600 }: SessionOptions = {}) {
    this.#store = store
    this.#name = cookieName
    this.#maxAge = maxAge
  }

  setup(site: Site): void {
    this.#store ??= signedCookieStore(site.signer('session'))
  }

  processRequest(request: HttpRequest): Awaitable<undefined> {
    const cookie = request.cookies[hostCookie(request, this.#name)]
    return andThen(cookie === undefined ? undefined : this.#store?.load(cookie, this.#maxAge), (loaded) => {
      const [key, data] = loaded === undefined ? [undefined, {}] : [cookie, loaded]
      sessionStates.set(request, { key, data, before: JSON.stringify(data), accessed: false, renewed: false })
      return undefined
    })
  }

  processResponse(request: HttpRequest, response: HttpResponse): Awaitable<HttpResponse> {
    const state = sessionStates.get(request)
    if (!state?.accessed) return response
    response.vary('cookie')
    const after = JSON.stringify(state.data)
    // After an error the changes may be half done.
    if ((after === state.before && !state.renewed) || response.status >= 500) return response
    return andThen(this.#write(state, after === '{}'), (key = '') => {
      const maxAge = key === '' ? 0 : this.#maxAge
      const options = { httpOnly: true, sameSite: 'lax', secure: request.isSecure, maxAge } as const
      return response.setCookie(hostCookie(request, this.#name), key, options)
    })
  }

  #write({ key, data, renewed }: SessionState, isEmpty: boolean): Awaitable<string | undefined> {
    const isGone = key !== undefined && (renewed || isEmpty)
    return andThen(isGone ? this.#store?.remove(key) : undefined, () =>
      isEmpty ? undefined : this.#store?.save(renewed ? undefined : key, data, this.#maxAge),
    )
  }
}

/** Over https the prefix makes browsers refuse the cookie from any other host of the domain (RFC 6265bis §4.1.3). */
export const hostCookie = (request: HttpRequest, name: string): string => (request.isSecure ? `__Host-${name}` : name)
