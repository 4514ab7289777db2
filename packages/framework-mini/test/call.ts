/** Calls an application without a server: as little of one as the tests here need. */
import {
  bodyCloser,
  headers as headersNamed,
  isPromise,
  type Application,
  type Awaitable,
  type Body,
  type Bytes,
} from '@tsgi/spec'
import type { BodyWriter, Chunk, Environ, HeaderList, Input } from '@tsgi/spec'

export interface Answer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Body
  /** The body as text, in one piece. */
  text(): Promise<string>
  /** Values of a field. */
  all(name: string): string[]
}

export interface CallOptions {
  readonly headers?: HeaderList
  readonly body?: string | Uint8Array
  readonly environ?: Partial<Environ>
}

/** @example await call(app, 'GET /hello/you?x=1') */
export async function call(app: Application, request: string, options: CallOptions = {}): Promise<Answer> {
  return begin(app, request, options)
}

/** For what must be answered without a promise. */
export function callSync(app: Application, request: string, options: CallOptions = {}): Answer {
  const answer = begin(app, request, options)
  if (isPromise(answer)) throw new Error('expected an answer at once, got a promise')
  return answer
}

function begin(app: Application, request: string, options: CallOptions): Awaitable<Answer> {
  let head: { status: number; headers: HeaderList } | undefined
  const body = app(environOf(request, options), (status, headers) => {
    if (head !== undefined) throw new Error('startResponse was called twice')
    head = { status, headers }
  })
  const answered = (body: Body): Answer => {
    if (head === undefined) throw new Error('startResponse was not called')
    const { status, headers } = head
    return { status, headers, body, text: () => textOf(body), all: (name) => headersNamed(headers, name) }
  }
  return isPromise(body) ? body.then(answered) : answered(body)
}

export function environOf(request: string, { headers = [], body = '', environ = {} }: CallOptions = {}): Environ {
  const [requestMethod = '', target = ''] = request.split(' ')
  const [pathInfo = '', ...query] = target.split('?')
  return {
    version: [1, 0],
    requestMethod,
    scriptName: '',
    pathInfo,
    queryString: query.join('?'),
    serverName: 'test.example',
    serverPort: 80,
    serverProtocol: 'HTTP/1.1',
    urlScheme: 'http',
    remoteAddr: '192.0.2.1',
    remotePort: 1234,
    headers,
    multithread: true,
    multiprocess: false,
    runOnce: false,
    input: inputOf(body),
    errors: { write: (text) => void process.stderr.write(text), flush() {} },
    server: { name: 'test', signal: new AbortController().signal, onFinish() {}, flush() {} },
    ...environ,
  }
}

/** Gives a body in pieces of seven bytes, so that none comes whole by luck. */
function inputOf(body: string | Uint8Array): Input {
  let rest: Uint8Array = typeof body === 'string' ? Buffer.from(body) : body
  const read = (size = 7): Bytes => {
    const piece = new Uint8Array(rest.subarray(0, size))
    rest = rest.subarray(size)
    return piece
  }
  return {
    trailers: null,
    read,
    async *[Symbol.asyncIterator]() {
      for (let piece = read(); piece.length > 0; piece = read()) yield piece
    },
  }
}

export function collector(): { readonly out: BodyWriter; readonly text: () => string; readonly flushes: () => number } {
  let text = ''
  let flushes = 0
  const write = (chunk: Chunk): void => void (text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
  return { out: { write, flush: () => void (flushes += 1) }, text: () => text, flushes: () => flushes }
}

async function textOf(body: Body): Promise<string> {
  const { out, text } = collector()
  try {
    if (typeof body === 'function') await body(out)
    else if (typeof body === 'string' || body instanceof Uint8Array) await out.write(body)
    else if (body !== null) for await (const chunk of body) await out.write(chunk)
    return text()
  } finally {
    await bodyCloser(body)?.()
  }
}
