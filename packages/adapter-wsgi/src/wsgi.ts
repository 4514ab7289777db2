/** The interface of PEP 3333, in its own words. Names and meanings are its; the types are what TypeScript can say of them. */
import type { Awaitable, Chunk, Environ } from '@tsgi/spec'
import type { FileWrapper, FileLike } from './file-wrapper.ts'
import type { WsgiErrors } from './errors.ts'
import type { WsgiInput } from './input.ts'

/** `start_response(status, headers, exc_info)`; gives back `write`. */
export interface WsgiStartResponse {
  /**
   * @param status such as `'200 OK'`
   * @param headers pairs `[name, value]`; names in any case
   * @param exc_info what was caught, or Python's triple `[type, value, traceback]`: replaces what was said before, or is
   *   thrown where something was written already
   */
  (status: string, headers: readonly (readonly string[])[], exc_info?: unknown): WsgiWrite
}

/**
 * Sends data before the body. In an application that is not `async` it is kept until the application returns, and nothing
 * is to be awaited; in one that is, it goes out, and the promise says when there is room for more.
 */
export interface WsgiWrite {
  (data: Chunk): Promise<void>
}

/** What a WSGI application returns: chunks, from anything that can be iterated. Its `close`, where it has one, is called once. */
export type WsgiResult = Iterable<Chunk> | AsyncIterable<Chunk>

/** An application as a function. */
export interface WsgiFunction {
  (environ: WsgiEnviron, start_response: WsgiStartResponse): Awaitable<WsgiResult>
}

/** An application as a class whose instances are the iterable: PEP 3333's second example. */
export interface WsgiClass {
  new (environ: WsgiEnviron, start_response: WsgiStartResponse): WsgiResult
}

export type WsgiApplication = WsgiFunction | WsgiClass

/** A dict in Python, a plain object here: the application and its middleware may change it. */
export interface WsgiEnviron {
  REQUEST_METHOD: string
  /** Percent-decoded, one character per byte. */
  SCRIPT_NAME: string
  /** Percent-decoded, one character per byte; {@link decodeWsgi} makes text of it. */
  PATH_INFO: string
  QUERY_STRING: string
  CONTENT_TYPE?: string
  CONTENT_LENGTH?: string
  SERVER_NAME: string
  SERVER_PORT: string
  SERVER_PROTOCOL: string
  SERVER_SOFTWARE: string
  REMOTE_ADDR: string
  REMOTE_PORT: string
  /** Such as `HTTP_USER_AGENT`. */
  [field: `HTTP_${string}`]: string | undefined
  'wsgi.version': readonly [1, 0]
  'wsgi.url_scheme': 'http' | 'https'
  'wsgi.input': WsgiInput
  /** The input ends where the body does, whether or not there is a `CONTENT_LENGTH`. */
  'wsgi.input_terminated': true
  'wsgi.errors': WsgiErrors
  'wsgi.multithread': boolean
  'wsgi.multiprocess': boolean
  'wsgi.run_once': boolean
  'wsgi.file_wrapper': (file: FileLike, blockSize?: number) => FileWrapper
  /** What this was made from: the path as sent, `server.signal` and all else that PEP 3333 has no word for. */
  'tsgi.environ': Environ
  [key: string]: unknown
}

/**
 * Text of a native string of PEP 3333, which holds one byte in each character: Python's `.encode('latin-1').decode()`.
 *
 * @example decodeWsgi(environ.PATH_INFO) // '/caf\u00c3\u00a9' gives '/café'
 */
export function decodeWsgi(native: string): string {
  return Buffer.from(native, 'latin1').toString()
}
