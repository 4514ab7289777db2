import type { HeaderList } from '@tsgi/spec'
import { toFields, toHeaders } from '../header-fields.ts'
import { lightFields } from './light-fields.ts'

const NativeResponse = globalThis.Response
type NativeResponse = globalThis.Response

/** A body that is sent without a stream. */
type FixedBody = string | Uint8Array<ArrayBuffer> | null

/** What is sent of a fast response: its body is a stream only if somebody asked for one, or gave one. */
export interface ResponseParts {
  readonly status: number
  readonly fields: HeaderList
  readonly body: FixedBody | ReadableStream
}

/** Statuses that allow no body (Fetch §2.2.3). */
const NULL_BODY = new Set([101, 204, 205, 304])
const NO_INIT: ResponseInit = {}
/** Shared by all responses without fields of their own, and never written to. */
const NO_FIELDS: HeaderList = Object.freeze([])
const JSON_FIELDS: HeaderList = Object.freeze(['content-type', 'application/json'])
const TEXT_FIELDS: HeaderList = Object.freeze(['content-type', 'text/plain;charset=UTF-8'])
const PLAIN_REASON = /^[\t -~\x80-\xff]*$/

let take: (value: object) => ResponseParts | undefined

/**
 * `Response` without what makes the native one slow. It keeps status, flat fields and a fixed body, and makes a native
 * response, which is mostly a stream, when somebody touches the body. What it does not know goes to the native constructor
 * from the start: other kinds of bodies, and every init that is refused or converted.
 *
 * It is an `instanceof` the native class, and native responses are instances of it.
 */
export const FastResponse: typeof globalThis.Response = class Response {
  #status: number
  #statusText: string
  #fields: HeaderList
  /** From the first look on, the truth about the fields. */
  #headers: Headers | undefined
  #body: FixedBody
  /** Holds the body from the first touch on. */
  #native: NativeResponse | undefined
  #sent: boolean

  static {
    take = (value) => (#sent in value ? value.#take() : undefined)
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    // A class that an app derives from Response has its own instances only.
    if (this !== Response) return Function.prototype[Symbol.hasInstance].call(this, value)
    return Object.prototype.isPrototypeOf.call(NativeResponse.prototype, value as object)
  }

  static json(data: unknown, init?: ResponseInit): NativeResponse {
    const text = JSON.stringify(data) as string | undefined
    const response = new Response(null, init)
    const unusual = response.#native !== undefined || NULL_BODY.has(response.#status)
    if (text === undefined || unusual) return NativeResponse.json(data, init)
    response.#body = text
    response.#fields = withType(response.#fields, JSON_FIELDS)
    return response as unknown as NativeResponse
  }

  constructor(body?: unknown, init?: ResponseInit) {
    const fixed = fixedBody(body)
    const { status = 200, statusText = '' } = init ?? NO_INIT
    this.#sent = false
    if (fixed !== undefined && isPlain(status, statusText) && (fixed === null || !NULL_BODY.has(status))) {
      this.#status = status
      this.#statusText = statusText
      const fields = Response.#fieldsOf(init)
      this.#fields = typeof fixed === 'string' ? withType(fields, TEXT_FIELDS) : fields
      this.#headers = undefined
      this.#body = fixed
      this.#native = undefined
    } else {
      const native = new NativeResponse(body as ConstructorParameters<typeof NativeResponse>[0], init)
      this.#status = native.status
      this.#statusText = native.statusText
      this.#fields = NO_FIELDS
      this.#headers = native.headers
      this.#body = null
      this.#native = native
    }
  }

  get status(): number {
    return this.#status
  }

  get statusText(): string {
    return this.#statusText
  }

  get ok(): boolean {
    return this.#status >= 200 && this.#status <= 299
  }

  get headers(): Headers {
    return (this.#headers ??= toHeaders(this.#fields))
  }

  get type(): NativeResponse['type'] {
    return 'default'
  }

  get url(): string {
    return ''
  }

  get redirected(): boolean {
    return false
  }

  get body(): ReadableStream | null {
    return this.#body === null && this.#native === undefined ? null : this.#touch().body
  }

  get bodyUsed(): boolean {
    return this.#sent || (this.#native?.bodyUsed ?? false)
  }

  text(): Promise<string> {
    return this.#touch().text()
  }

  json(): Promise<unknown> {
    return this.#touch().json()
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#touch().arrayBuffer()
  }

  bytes(): Promise<Uint8Array> {
    return this.#touch().bytes()
  }

  blob(): Promise<Blob> {
    return this.#touch().blob()
  }

  formData(): Promise<FormData> {
    return this.#touch().formData()
  }

  textStream(): ReadableStream<string> {
    return this.#touch().textStream()
  }

  clone(): Response {
    if (this.bodyUsed) throw new TypeError('Response.clone: the body was already read')
    const copy = new Response()
    copy.#status = this.#status
    copy.#statusText = this.#statusText
    copy.#fields = Response.#fieldsOf(this)
    copy.#body = this.#body
    copy.#native = this.#native?.clone()
    return copy
  }

  /** The native response that holds the body from now on. A fixed body that was sent is as used as a stream would be. */
  #touch(): NativeResponse {
    if (this.#native === undefined) {
      this.#native = new NativeResponse(this.#body, { headers: this.headers })
      if (this.#sent && this.#body !== null) this.#native.body?.cancel()
    }
    return this.#native
  }

  static #fieldsOf(init: ResponseInit | Response | undefined): HeaderList {
    if (init === undefined || init === null) return NO_FIELDS
    if (!(#fields in init)) return init.headers === undefined ? NO_FIELDS : lightFields(init.headers)
    return init.#headers === undefined ? init.#fields : toFields(init.#headers)
  }

  #take(): ResponseParts {
    const fields = this.#headers === undefined ? this.#fields : toFields(this.#headers)
    if (this.#native === undefined && !this.#sent) {
      this.#sent = this.#body !== null
      return { status: this.#status, fields, body: this.#body }
    }
    return { status: this.#status, fields, body: this.#touch().body }
  }
} as unknown as typeof globalThis.Response

Object.setPrototypeOf(FastResponse, NativeResponse)
Object.setPrototypeOf(FastResponse.prototype, NativeResponse.prototype)

/** What is to be sent of a fast response, and marks it as used; `undefined` for what is no fast response. */
export function takeParts(value: object): ResponseParts | undefined {
  return take(value)
}

/** The fields, and the type that a body brings where they name none. */
function withType(fields: HeaderList, type: HeaderList): HeaderList {
  if (fields.length === 0) return type
  for (let i = 0; i < fields.length; i += 2) if (fields[i] === 'content-type') return fields
  return [...fields, ...type]
}

function isPlain(status: unknown, statusText: unknown): boolean {
  if (typeof statusText !== 'string' || (statusText !== '' && !PLAIN_REASON.test(statusText))) return false
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
}

/** `undefined`: not one of these. Bytes are copied, as the standard has it: the app may reuse its buffer. */
function fixedBody(body: unknown): FixedBody | undefined {
  if (body === undefined || body === null) return null
  if (typeof body === 'string') return body
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice())
  if (!ArrayBuffer.isView(body) || !(body.buffer instanceof ArrayBuffer)) return undefined
  return new Uint8Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength))
}
