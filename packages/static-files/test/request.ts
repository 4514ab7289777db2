/** Calls an application as a server would, with a small environ made by hand, and holds it to its contract. */
import {
  bodyCloser,
  header,
  isPromise,
  type Application,
  type Body,
  type Chunk,
  type Environ,
  type HeaderList,
} from '@tsgi/spec'

export interface RequestOptions {
  readonly method?: string
  readonly headers?: HeaderList
  readonly scriptName?: string
  readonly query?: string
}

export interface TestResponse {
  readonly status: number
  readonly headers: HeaderList
  readonly bytes: Buffer
  readonly text: string
  /** The first field of this name. */
  header(name: string): string | undefined
  /** Whether the application answered without a promise and without a body that waits. */
  readonly synchronous: boolean
  /** What was written to `environ.errors`. */
  readonly log: string
}

export function environFor(
  path: string,
  options: RequestOptions = {},
  log: (text: string) => void = () => {},
): Environ {
  return {
    version: [1, 0],
    requestMethod: options.method ?? 'GET',
    scriptName: options.scriptName ?? '',
    pathInfo: path,
    queryString: options.query ?? '',
    serverName: 'localhost',
    serverPort: 80,
    serverProtocol: 'HTTP/1.1',
    urlScheme: 'http',
    remoteAddr: '127.0.0.1',
    remotePort: 50_000,
    headers: ['host', 'localhost', ...(options.headers ?? [])],
    multithread: true,
    multiprocess: false,
    runOnce: false,
    input: {
      read: () => new Uint8Array(),
      trailers: null,
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
    },
    errors: { write: log, flush: () => {} },
    server: { name: 'test', signal: new AbortController().signal, onFinish: () => {}, flush: () => {} },
  }
}

/** Rejects with what the body rejects with, after closing it. */
export async function request(app: Application, path: string, options: RequestOptions = {}): Promise<TestResponse> {
  let started: { status: number; headers: HeaderList } | undefined
  let log = ''
  const environ = environFor(path, options, (text) => (log += text))
  const answer = app(environ, (status, headers) => {
    if (started !== undefined) throw new Error('startResponse was called twice')
    started = { status, headers }
  })
  const body = await answer
  const bytes = Buffer.concat((await collect(body)).map((chunk) => Buffer.from(chunk as string)))
  if (started === undefined) throw new Error('startResponse was not called')
  const { status, headers } = started as { status: number; headers: HeaderList }
  const declared = header(headers, 'content-length')
  if (declared !== undefined && body !== null && Number(declared) !== bytes.length) {
    throw new Error(`content-length says ${declared}, the body has ${bytes.length} bytes`)
  }
  return {
    status,
    headers,
    bytes,
    text: bytes.toString(),
    header: (name) => header(headers, name),
    synchronous: !isPromise(answer) && (body === null || typeof body === 'string' || isBytes(body)),
    log,
  }
}

const isBytes = (body: Body): boolean => body instanceof Uint8Array || Array.isArray(body)

async function collect(body: Body): Promise<readonly Chunk[]> {
  if (body === null) return []
  if (typeof body === 'string' || body instanceof Uint8Array) return [body]
  if (typeof body === 'function') throw new Error('a streaming body was not expected here')
  const chunks: Chunk[] = []
  try {
    for await (const chunk of body as AsyncIterable<Chunk>) chunks.push(chunk)
  } finally {
    await bodyCloser(body)?.()
  }
  return chunks
}
