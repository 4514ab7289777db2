import {
  bodyCloser,
  isInputError,
  statusReason,
  type Application,
  type Awaitable,
  type Body,
  type Chunk,
  type Environ,
  type HeaderList,
} from '@tsgi/spec'
import { concatBytes } from '../concat-bytes.ts'
import type { Delivery, OutgoingBody } from './delivery.ts'
import { departureOf, isBecauseOf } from './departure.ts'
import type { FetchContext } from './fetch-context.ts'
import { toHeaders } from '../header-fields.ts'
import { MeasuredBytes, toBytes } from './measured-bytes.ts'
import { PulledBody } from './pulled-body.ts'
import { PushedBody } from './pushed-body.ts'
import { report } from '../report.ts'
import { checkHead } from '../response-fields.ts'

/** nginx's number for a client that left before there was an answer; nobody receives it. */
const CLIENT_GONE = 499

/** One request to a TSGI application and its answer as a `Response`: what SPEC asks of a server, in fetch's words. */
export class FetchExchange implements Delivery {
  readonly #environ: Environ
  readonly #context: FetchContext
  readonly #bytes = new MeasuredBytes()
  #status = 0
  #fields: HeaderList | undefined
  #headSent = false
  #close: (() => unknown) | undefined

  constructor(environ: Environ, context: FetchContext) {
    this.#environ = environ
    this.#context = context
  }

  /** Never rejects: what the application fails with is logged and answered. */
  async answer(app: Application, { signal }: Request): Promise<Response> {
    try {
      const body = await app(this.#environ, (status, fields, ...error) => this.#start(status, fields, error))
      this.#close = bodyCloser(body)
      if (!signal.aborted) return await this.#respond(body)
      await this.leave(signal.reason)
      return new Response(null, { status: CLIENT_GONE })
    } catch (error) {
      if (signal.aborted && isBecauseOf(error, this.#context.signal.reason)) {
        await this.leave(signal.reason)
        return new Response(null, { status: CLIENT_GONE })
      }
      await this.fail(error)
      const status = isInputError(error) ? error.status : 500
      const text = `${status} ${statusReason(status)}\n`
      return new Response(this.#isHead ? null : text, { status, headers: { 'content-type': 'text/plain' } })
    }
  }

  #start(status: number, fields: HeaderList, error: readonly unknown[]): void {
    if (error.length > 0) {
      if (this.#headSent) throw error[0]
    } else if (this.#fields !== undefined) {
      throw new Error('startResponse was called twice; to replace a head, pass the error as its third argument')
    }
    checkHead(status, fields)
    this.#status = status
    this.#fields = fields
  }

  #respond(body: Body): Awaitable<Response> {
    if (body === null) return this.#whole([], this.#isHead || this.#status === 304)
    if (typeof body === 'string' || body instanceof Uint8Array) return this.#whole([body], false)
    if (isChunks(body)) return this.#whole(body, false)
    // The body of an answer without one is opened only to hear the head.
    if (this.#fields !== undefined && this.#isBodiless) return this.#withoutBody()
    return this.#stream(typeof body === 'function' ? new PushedBody(body, this) : new PulledBody(body, this))
  }

  async #stream(body: OutgoingBody): Promise<Response> {
    // After a flush it is the stream that fails.
    body.begun.catch(() => undefined)
    await Promise.race([body.begun, this.#context.flushed])
    this.begin()
    if (!this.#isBodiless) return this.#response(body.stream)
    body.stop(new Error(`The answer has no body: ${this.#environ.requestMethod}, status ${this.#status}`))
    return this.#withoutBody()
  }

  async #withoutBody(): Promise<Response> {
    const response = this.#response(null, this.#status === 205 ? 0 : undefined)
    await this.#over()
    return response
  }

  #whole(chunks: readonly Chunk[], lengthUnknown: boolean): Response {
    this.begin()
    const parts = chunks.map((chunk) => (this.#isBodiless ? toBytes(chunk) : this.encode(chunk)))
    const bytes = concatBytes(parts)
    if (!this.#isBodiless) this.#bytes.end()
    const known = this.#status === 205 ? 0 : this.#status === 204 || lengthUnknown ? undefined : bytes.length
    const response = this.#response(bytes, known)
    this.#context.finish()
    return response
  }

  #response(body: ReadableStream | Uint8Array | null, length?: number): Response {
    this.begin()
    const headers = toHeaders(this.#fields ?? [])
    if (length !== undefined && !headers.has('content-length')) headers.set('content-length', String(length))
    return new Response(this.#isBodiless ? null : body, { status: this.#status, headers })
  }

  get #isHead(): boolean {
    return this.#environ.requestMethod === 'HEAD'
  }

  get #isBodiless(): boolean {
    return this.#isHead || this.#status === 204 || this.#status === 205 || this.#status === 304
  }

  get headSent(): boolean {
    return this.#headSent
  }

  begin(): void {
    if (this.#headSent) return
    if (this.#fields === undefined) throw new Error('The application gave back a body without calling startResponse')
    this.#headSent = true
    this.#bytes.declare(this.#fields)
  }

  encode(chunk: Chunk): Uint8Array {
    return this.#bytes.add(chunk)
  }

  end(): Promise<void> {
    this.#bytes.end()
    return this.#over()
  }

  fail(error: unknown): Promise<void> {
    report(this.#environ.errors, 'The application failed', error)
    return this.#over(error)
  }

  leave(reason: unknown): Promise<void> {
    const error = departureOf(reason)
    this.#context.leave(error)
    return this.#over(error)
  }

  /** Closes the body, once, and then says that the response has ended. */
  async #over(error?: unknown): Promise<void> {
    const close = this.#close
    this.#close = undefined
    try {
      await close?.()
    } catch (failure) {
      report(this.#environ.errors, "The body's close failed", failure)
    }
    this.#context.finish(error)
  }
}

const isChunks = (body: Body): body is readonly Chunk[] => Array.isArray(body)
