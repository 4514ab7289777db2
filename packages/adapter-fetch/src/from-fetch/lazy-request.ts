import { Readable } from 'node:stream'
import { isPromise, type Bytes, type Environ, type Input } from '@tsgi/spec'
import { GatheredBytes } from '@tsgi/spec/gathered-bytes'
import type { RequestContext } from './execution-context.ts'
import { toHeaders } from '../header-fields.ts'
import { bodyStream, hasBody } from './request-body.ts'
import { normalUrl } from './request-url.ts'
import { FORBIDDEN_METHODS, type ServerRequest, type ServerRequestClass } from './server-request.ts'

const NativeRequest: typeof globalThis.Request = globalThis.Request
type NativeRequest = globalThis.Request
const NativeResponse = globalThis.Response

/** Methods that the Request class writes in capitals (Fetch §2.2.1). */
const NORMALIZED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])

/** What a `Request` says that was made of a URL, a method, fields and a body alone. */
const DEFAULTS = {
  cache: 'default',
  credentials: 'same-origin',
  destination: '',
  duplex: 'half',
  integrity: '',
  isHistoryNavigation: false,
  isReloadNavigation: false,
  keepalive: false,
  mode: 'cors',
  redirect: 'follow',
  referrer: 'about:client',
  referrerPolicy: '',
} as const

const decoder = new TextDecoder()

let toNative: (value: object, init: RequestInit | undefined) => NativeRequest | undefined

/**
 * A `Request` that looks at the environ when it is looked at. Where a native one is needed it makes one. Only when it is
 * itself passed on to `new Request(…)` or `fetch`, they have to ask for that ({@link nativeOf}), as the fast ones do.
 */
export const LazyRequest: ServerRequestClass = class Request {
  readonly #environ: Environ
  readonly #context: RequestContext
  readonly #url: string
  #headers: Headers | undefined
  /** `undefined` until somebody asks for it. */
  #stream: ReadableStream<Uint8Array> | null | undefined
  /** The input was read without a stream. */
  #read: boolean

  static {
    toNative = (value, init) => (#read in value ? value.#native(init?.body == null ? value.body : null) : undefined)
  }

  constructor(environ: Environ, context: RequestContext) {
    this.#environ = environ
    this.#context = context
    this.#url = normalUrl(environ)
    this.#headers = undefined
    this.#stream = undefined
    this.#read = false
  }

  get method(): string {
    const method = this.#environ.requestMethod
    if (NORMALIZED.has(method)) return method
    const capitals = method.toUpperCase()
    return NORMALIZED.has(capitals) ? capitals : method
  }

  get url(): string {
    return this.#url
  }

  get headers(): Headers {
    return (this.#headers ??= toHeaders(this.#environ.headers))
  }

  get signal(): AbortSignal {
    return this.#environ.server.signal
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#stream === undefined) {
      this.#stream = hasBody(this.#environ) ? (this.#read ? spent() : bodyStream(this.#environ)) : null
    }
    return this.#stream
  }

  get bodyUsed(): boolean {
    return this.#read || (this.#stream != null && Readable.isDisturbed(this.#stream))
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#stream !== undefined || this.#read) return new NativeResponse(this.body).bytes() as Promise<Bytes>
    this.#read = hasBody(this.#environ)
    return this.#read ? readAll(this.#environ.input) : new Uint8Array()
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer
  }

  async text(): Promise<string> {
    return decoder.decode(await this.bytes())
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }

  async blob(): Promise<Blob> {
    return (await this.#typed()).blob()
  }

  async formData(): Promise<FormData> {
    return (await this.#typed()).formData()
  }

  textStream(): ReadableStream<string> {
    return new NativeResponse(this.body).textStream()
  }

  clone(): NativeRequest {
    if (this.bodyUsed || this.body?.locked) throw new TypeError('Request.clone: the body was already read')
    if (this.body === null) return this.#native(null)
    const [kept, given] = this.body.tee()
    this.#stream = kept
    return this.#native(given)
  }

  get ip(): string | undefined {
    return this.#environ.remoteAddr ?? undefined
  }

  get runtime(): ServerRequest['runtime'] {
    return { name: 'tsgi', tsgi: { environ: this.#environ } }
  }

  waitUntil(promise: PromiseLike<unknown>): void {
    this.#context.waitUntil(promise)
  }

  /** The whole body with its type, for the readers that need to know it. */
  async #typed(): Promise<Response> {
    return new NativeResponse(await this.bytes(), {
      headers: { 'content-type': this.headers.get('content-type') ?? '' },
    })
  }

  #native(body: ReadableStream | null): NativeRequest {
    const method = this.#environ.requestMethod
    const init: RequestInit = { headers: this.headers, signal: this.signal, body, duplex: 'half' }
    if (!FORBIDDEN_METHODS.has(method)) return new NativeRequest(this.#url, { ...init, method })
    return Object.defineProperty(new NativeRequest(this.#url, { ...init, body: null }), 'method', { value: method })
  }
} as unknown as ServerRequestClass

Object.setPrototypeOf(LazyRequest.prototype, NativeRequest.prototype)
for (const [name, value] of Object.entries(DEFAULTS)) {
  Object.defineProperty(LazyRequest.prototype, name, { configurable: true, enumerable: true, get: () => value })
}

/**
 * The native request that stands for a lazy one when a new one is made of it; `undefined` for any other value.
 *
 * @param init what the new request is made with besides: with a body of its own it leaves this one alone
 */
export function nativeOf(value: unknown, init: RequestInit | undefined): NativeRequest | undefined {
  return typeof value === 'object' && value !== null ? toNative(value, init) : undefined
}

async function readAll(input: Input): Promise<Bytes> {
  const gathered = new GatheredBytes()
  for (;;) {
    const next = input.read()
    const bytes = isPromise(next) ? await next : next
    if (bytes.length === 0) return gathered.take()
    gathered.add(bytes)
  }
}

/** The stream of a body that was read without one: as disturbed as it would be. */
function spent(): ReadableStream<Uint8Array> {
  const stream = new ReadableStream<Uint8Array>()
  void stream.cancel()
  return stream
}
