import type { Bytes, Environ, EnvironData, Input, ServerContext } from '@tsgi/spec'

/** A server's side of a request, without a server: what the application left in it can be looked at. */
export interface TestEnviron extends Environ {
  readonly log: string[]
  readonly flushes: { count: number }
  readonly client: AbortController
}

export function testEnviron(data: Partial<EnvironData> = {}, body: readonly string[] = []): TestEnviron {
  const log: string[] = []
  const flushes = { count: 0 }
  const client = new AbortController()
  const server: ServerContext = {
    name: 'test',
    get signal() {
      return client.signal
    },
    onFinish: () => undefined,
    flush: () => void flushes.count++,
  }
  return {
    version: [1, 0],
    requestMethod: 'GET',
    scriptName: '',
    pathInfo: '/',
    queryString: '',
    serverName: 'localhost',
    serverPort: 3000,
    serverProtocol: 'HTTP/1.1',
    urlScheme: 'http',
    remoteAddr: '192.0.2.1',
    remotePort: 40_000,
    headers: ['host', 'localhost:3000'],
    multithread: true,
    multiprocess: false,
    runOnce: false,
    input: inputOf(body),
    errors: { write: (text) => void log.push(text), flush: () => undefined },
    server,
    ...data,
    log,
    flushes,
    client,
  }
}

/** An input of these chunks; of two turns, the first comes at once and the others later. */
export function inputOf(chunks: readonly string[]): Input {
  const rest = chunks.map((chunk) => new TextEncoder().encode(chunk) as Bytes)
  let reads = 0
  const read = () => {
    const bytes = rest.shift() ?? new Uint8Array()
    return reads++ === 0 ? bytes : Promise.resolve(bytes)
  }
  return {
    read,
    trailers: null,
    async *[Symbol.asyncIterator]() {
      for (let bytes = await read(); bytes.length > 0; bytes = await read()) yield bytes
    },
  }
}
