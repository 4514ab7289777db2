/** One visitor in front of an application: real environs, no sockets, and cookies that are kept as a browser keeps them. */
import type { Application, Body, Bytes, Chunk, Environ, HeaderList } from '@tsgi/spec'
import { header, isPromise } from '@tsgi/spec'

export interface ClientRequest {
  readonly method?: string
  readonly headers?: HeaderList
  readonly body?: string | Uint8Array | FormData | URLSearchParams
  readonly environ?: Partial<Environ>
}

export interface ClientResponse {
  readonly status: number
  readonly headers: HeaderList
  readonly text: string
  header(name: string): string | undefined
}

export class Client {
  readonly cookies: Map<string, string> = new Map()
  readonly log: string[] = []
  /** Whether the application gave its body without a promise. */
  wasSync = false
  readonly #app: Application

  constructor(app: Application) {
    this.#app = app
  }

  get(target: string, options: ClientRequest = {}): Promise<ClientResponse> {
    return this.request(target, options)
  }

  post(
    target: string,
    fields: Record<string, string> | FormData,
    options: ClientRequest = {},
  ): Promise<ClientResponse> {
    const body = fields instanceof FormData ? fields : new URLSearchParams(fields)
    return this.request(target, { method: 'POST', body, ...options })
  }

  async request(
    target: string,
    { method = 'GET', headers = [], body, environ }: ClientRequest,
  ): Promise<ClientResponse> {
    const message = new Response(body as ConstructorParameters<typeof Response>[0])
    const type = message.headers.get('content-type')
    const bytes = new Uint8Array(await message.arrayBuffer())
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = [...headers]
    if (type !== null && typeof body !== 'string') sent.push('content-type', type)
    if (cookie !== '') sent.push('cookie', cookie)
    let head: { status: number; headers: HeaderList } | undefined
    const result = this.#app({ ...this.#environ(target, method, sent, bytes), ...environ }, (status, fields) => {
      head = { status, headers: fields }
    })
    this.wasSync = !isPromise(result)
    const text = await read(await result)
    if (!head) throw new Error('startResponse was not called')
    this.#keepCookies(head.headers)
    const { status, headers: fields } = head
    return {
      status,
      headers: fields,
      text,
      header: (name) => header(fields, name),
    }
  }

  #keepCookies(headers: HeaderList): void {
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i] !== 'set-cookie') continue
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(headers[i + 1] as string) as unknown as [string, string, string]
      if (/; Max-Age=0/.test(headers[i + 1] as string)) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }

  #environ(target: string, method: string, headers: HeaderList, body: Uint8Array<ArrayBuffer>): Environ {
    const [pathInfo = '', queryString = ''] = target.split(/\?(.*)/s)
    let at = 0
    const read = (size = 1000): Bytes => body.slice(at, (at += size))
    return {
      version: [1, 0],
      requestMethod: method,
      scriptName: '',
      pathInfo,
      queryString,
      serverName: 'site.test',
      serverPort: 80,
      serverProtocol: 'HTTP/1.1',
      urlScheme: 'http',
      remoteAddr: '127.0.0.1',
      remotePort: 1234,
      headers: ['host', 'site.test', ...headers],
      multithread: true,
      multiprocess: false,
      runOnce: false,
      input: {
        read,
        trailers: null,
        async *[Symbol.asyncIterator]() {
          for (let chunk = read(); chunk.length > 0; chunk = read()) yield chunk
        },
      },
      errors: { write: (text) => void this.log.push(text), flush: () => undefined },
      server: { name: 'test', signal: new AbortController().signal, onFinish: () => undefined, flush: () => undefined },
    }
  }
}

async function read(body: Body): Promise<string> {
  const chunks: Uint8Array[] = []
  const add = (chunk: Chunk): void => void chunks.push(Buffer.from(chunk as string))
  if (body === null) return ''
  if (typeof body === 'string' || body instanceof Uint8Array) add(body)
  else if (typeof body === 'function') await body({ write: add, flush: () => undefined })
  else for await (const chunk of body as Iterable<Chunk> | AsyncIterable<Chunk>) add(chunk)
  return Buffer.concat(chunks).toString()
}
