/** Requests of one visitor over a real connection, without a browser: cookies are kept, redirects are not followed. */
export class WebClient {
  readonly #origin: string
  readonly #cookies = new Map<string, string>()

  constructor(baseUrl: string) {
    this.#origin = new URL(baseUrl).origin
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  async request(path: string, options: RequestInit = {}): Promise<Response & { readonly page: string }> {
    const headers = new Headers(options.headers)
    headers.set('cookie', Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(this.#origin + path, { redirect: 'manual', ...options, headers })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.#cookies.set(name, value)
    }
    return Object.assign(response, { page: await response.text() })
  }

  get(path: string): ReturnType<WebClient['request']> {
    return this.request(path)
  }

  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): ReturnType<WebClient['request']> {
    return this.request(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  }
}
