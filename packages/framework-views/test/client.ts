import { expect } from 'vitest'
import { header, isPromise, type Application, type Environ, type HeaderList } from '@tsgi/spec'
import { request, validate, type Finding } from '@tsgi/validator'

export interface ClientRequest {
  readonly method?: string
  readonly headers?: HeaderList
  readonly body?: string | FormData | URLSearchParams
  readonly environ?: Partial<Environ>
}

export interface ClientResponse {
  readonly status: number | null
  readonly headers: HeaderList
  readonly text: string
  header(name: string): string | undefined
}

/** One visitor in front of an application, without a socket: keeps cookies as a browser does, and the interface's rules. */
export class Client {
  readonly cookies: Map<string, string> = new Map()
  readonly log: string[] = []
  /** Whether the application gave its body without a promise. */
  wasSync = false
  readonly #app: Application
  readonly #findings: Finding[] = []

  constructor(app: Application) {
    const watched: Application = (environ, startResponse) => {
      const body = app(environ, startResponse)
      this.wasSync = !isPromise(body)
      return body
    }
    this.#app = validate(watched, { report: this.#findings })
  }

  get(target: string, options: ClientRequest = {}): Promise<ClientResponse> {
    return this.request(target, options)
  }

  post(target: string, fields: Record<string, string> | FormData): Promise<ClientResponse> {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields)
    return this.request(target, { method: 'POST', body })
  }

  async request(target: string, { method, headers = [], body, environ }: ClientRequest): Promise<ClientResponse> {
    const message = new Response(body)
    const type = typeof body === 'string' ? null : message.headers.get('content-type')
    const cookie = Array.from(this.cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const sent = ['host', 'site.test', ...headers]
    if (type !== null) sent.push('content-type', type)
    if (cookie !== '') sent.push('cookie', cookie)
    const [path, query = ''] = target.split(/\?(.*)/s)
    const answer = await request(this.#app, {
      method,
      path,
      query,
      headers: sent,
      body: inPieces(new Uint8Array(await message.arrayBuffer())),
      environ: {
        serverName: 'site.test',
        errors: { write: (text) => void this.log.push(text), flush: () => undefined },
        ...environ,
      },
    })
    expect(this.#findings.map(String)).toEqual([])
    expect(answer.error).toBeNull()
    this.#keepCookies(answer.headers)
    const { status, headers: fields } = answer
    return { status, headers: fields, text: answer.body.toString(), header: (name) => header(fields, name) }
  }

  #keepCookies(headers: HeaderList): void {
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i] !== 'set-cookie') continue
      const field = headers[i + 1] as string
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(field) ?? []
      if (field.includes('; Max-Age=0')) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}

function inPieces(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, at) => bytes.subarray(at * 1000, (at + 1) * 1000))
}
