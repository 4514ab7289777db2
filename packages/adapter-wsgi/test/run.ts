/** One request through an application, without a server: what it said, and what came of its body. */
import { bodyCloser, header } from '@tsgi/spec'
import type { Application, Body, BodyWriter, Bytes, Chunk, Environ, HeaderList, Input, ServerContext } from '@tsgi/spec'

export interface Answer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: string
  /** Chunks as they came, empty ones left out. */
  readonly chunks: readonly string[]
  /** Whether the application gave back its body without a promise. */
  readonly sync: boolean
}

export interface Request {
  readonly method?: string
  readonly scriptName?: string
  readonly path?: string
  readonly query?: string
  readonly headers?: HeaderList
  /** Pieces of the body; a promise is one that has not arrived yet. */
  readonly body?: readonly (string | Promise<string>)[]
  readonly environ?: Partial<Environ>
}

export class TestServer implements ServerContext {
  readonly name = 'test/1'
  readonly log: string[] = []
  readonly #gone = new AbortController()
  readonly #listeners: ((error?: unknown) => void)[] = []

  get signal(): AbortSignal {
    return this.#gone.signal
  }

  onFinish(fn: (error?: unknown) => void): void {
    this.#listeners.push(fn)
  }

  flush(): void {}

  leave(): void {
    this.#gone.abort()
  }

  environ({
    method = 'GET',
    scriptName = '',
    path = '/',
    query = '',
    headers = [],
    body = [],
    environ,
  }: Request): Environ {
    return {
      version: [1, 0],
      requestMethod: method,
      scriptName,
      pathInfo: path,
      queryString: query,
      serverName: 'shop.example',
      serverPort: 8080,
      serverProtocol: 'HTTP/1.1',
      urlScheme: 'http',
      remoteAddr: '192.0.2.7',
      remotePort: 50123,
      headers,
      multithread: true,
      multiprocess: false,
      runOnce: false,
      input: inputOf(body),
      errors: { write: (text) => void this.log.push(text), flush() {} },
      server: this,
      ...environ,
    }
  }

  /** @throws what the application or its body throws */
  async run(application: Application, request: Request = {}): Promise<Answer> {
    let head: { status: number; headers: HeaderList } | null = null
    const result = application(this.environ(request), (...call) => {
      if (head !== null && call.length < 3) throw new Error('startResponse was called twice')
      head = { status: call[0], headers: call[1] }
    })
    try {
      const body = await result
      const chunks = await this.#take(body, request.method === 'HEAD' && head !== null)
      const { status, headers } = head ?? { status: 0, headers: [] }
      return { status, headers, chunks, body: chunks.join(''), sync: body === result }
    } finally {
      for (const fn of this.#listeners) fn()
    }
  }

  async #take(body: Body, skip: boolean): Promise<string[]> {
    const chunks: string[] = []
    const take = (chunk: Chunk): void => {
      if (chunk.length > 0) chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    }
    try {
      if (body === null || skip) return []
      if (typeof body === 'string' || body instanceof Uint8Array) take(body)
      else if (typeof body === 'function') await body({ write: take, flush() {} } satisfies BodyWriter)
      else for await (const chunk of body) take(chunk)
      return chunks
    } finally {
      await bodyCloser(body)?.()
    }
  }
}

export const run = (application: Application, request?: Request): Promise<Answer> =>
  new TestServer().run(application, request)

export const field = (answer: Answer, name: string): string | undefined => header(answer, name)

function inputOf(pieces: readonly (string | Promise<string>)[]): Input {
  const left = [...pieces]
  const read = (): Bytes | Promise<Bytes> => {
    const piece = left.shift() ?? ''
    return typeof piece === 'string' ? Buffer.from(piece) : piece.then((text) => Buffer.from(text))
  }
  return {
    read,
    trailers: null,
    async *[Symbol.asyncIterator]() {
      for (let bytes = await read(); bytes.length > 0; bytes = await read()) yield bytes
    },
  }
}
