/** What the in-process server is asked, and what it answers. */
import type { Environ, HeaderList, ServerContext } from '@tsgi/spec'
import { PieceInput, type Piece } from './piece-input.ts'

export interface InProcessRequest {
  readonly method?: string | undefined
  readonly scriptName?: string | undefined
  readonly path?: string | undefined
  readonly query?: string | undefined
  readonly protocol?: 'HTTP/1.1' | 'HTTP/1.0' | undefined
  readonly headers?: HeaderList | undefined
  readonly body?: readonly Piece[] | undefined
  /** Takes each chunk a turn of the event loop after it was given. */
  readonly slow?: boolean | undefined
  /** The client leaves when it has this many bytes of the body; with 0, as soon as the application was called. */
  readonly leavesAfter?: number | undefined
  /** The client leaves after so many milliseconds. Without, an application that never answers is never given up. */
  readonly patience?: number | undefined
  /** The client leaves when this settles. */
  readonly leaves?: PromiseLike<unknown> | undefined
  /** Takes the environ's place in part. */
  readonly environ?: Partial<Environ> | undefined
}

export interface InProcessAnswer {
  /** `null` where there was none. */
  readonly status: number | null
  /** As the application passed them; empty where the answer is the server's own. */
  readonly headers: HeaderList
  /** The fields with the length that the server adds or takes away (L.1, L.3, L.7). */
  readonly sent: HeaderList
  /** Whether the client has a complete response: not where it broke off, or the client left. */
  readonly whole: boolean
  readonly body: Buffer
  readonly trailers: HeaderList | null
  readonly hints: readonly HeaderList[]
  /** What the application failed with, or a {@link ClientGone}; `null` where the response was sent whole. */
  readonly error: unknown
  /** What the application wrote to `errors`. */
  readonly log: string
}

/** @param write takes what the application writes to `errors` */
export function makeEnviron(request: InProcessRequest, server: ServerContext, write: (text: string) => void): Environ {
  const { method = 'GET', scriptName = '', path = '/', query = '', headers = [], body = [], environ } = request
  return {
    version: [1, 0],
    requestMethod: method,
    scriptName,
    pathInfo: path,
    queryString: query,
    serverName: 'localhost',
    serverPort: 80,
    serverProtocol: request.protocol ?? 'HTTP/1.1',
    urlScheme: 'http',
    remoteAddr: '127.0.0.1',
    remotePort: 49152,
    headers,
    multithread: true,
    multiprocess: false,
    runOnce: false,
    input: new PieceInput(body),
    errors: { write, flush() {} },
    server,
    ...environ,
  }
}
