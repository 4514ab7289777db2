/**
 * One request and its response, as seen from between the two sides. It changes nothing of what passes through it, so what is
 * wrong arrives on the other side as it would without it.
 *
 *     called ── startResponse ──▶ started ── first chunk, flush ──▶ head sent ──▶ body ended ──▶ finished
 */
import type { Body, Chunk, Environ, HeaderList, StartResponse } from '@tsgi/spec'
import type { RuleCode } from '@tsgi/spec/clauses'
import { checkEnviron } from './check-environ.ts'
import { CheckedContext } from './checked-context.ts'
import { CheckedErrors } from './checked-errors.ts'
import { CheckedInput } from './checked-input.ts'
import { sampleOf } from './chunk-sample.ts'
import { describe } from './describe.ts'
import { checkFields, NO_LENGTH } from './fields.ts'
import type { ObservedExchange } from './observed-exchange.ts'
import { takeTrace, type Trace } from './trace.ts'
import type { Validation } from './validation.ts'
import { watchAsync, watchStream, watchSync } from './watched-body.ts'

export class Exchange implements ObservedExchange {
  readonly validation: Validation
  /** As the server passed it. */
  readonly environ: Environ
  /** As the application gets it. */
  readonly given: Environ
  readonly startResponse: StartResponse
  started = false
  status = 0
  headSent = false
  /** `upgrade` was called instead of `startResponse`. */
  upgraded = false
  /** Finish listeners were called. */
  finished = false
  /** The response was not sent whole, as when the client left. */
  failed = false
  /** What the head said of the body's length. */
  declaredLength: number = NO_LENGTH
  watch: ObservedExchange['watch'] = null
  #trace: Trace | null = null
  #headers: HeaderList | null = null
  #headersThen: readonly string[] = []
  #requestHeadersThen: readonly string[] = []
  #sent = 0
  #reported: Set<RuleCode> | null = null
  #chunk: Uint8Array | null = null
  #chunkSample = 0

  constructor(validation: Validation, environ: Environ, startResponse: StartResponse) {
    this.validation = validation
    this.environ = environ
    this.startResponse = this.#checked(startResponse)
    if (typeof startResponse !== 'function') {
      this.fault('TSGI_V_START_RESPONSE_MISSING', `The second argument was ${describe(startResponse)}`)
    }
    this.given = checkEnviron(environ, this) ? this.#begin(environ) : environ
  }

  #begin(environ: Environ): Environ {
    const { validation } = this
    if (environ === validation.lastEnviron) {
      this.fault('TSGI_V_ENVIRON_REUSED', 'The environ was that of the request before')
    }
    if (validation.active > 0 && !environ.multithread) {
      this.fault('TSGI_V_MULTITHREAD', 'The application was called while an earlier response was unfinished')
    }
    validation.lastEnviron = environ
    validation.active++
    this.#requestHeadersThen = environ.headers.slice()
    environ.server.onFinish((error) => this.#finish(error !== undefined))
    return {
      ...environ,
      input: new CheckedInput(this, environ.input),
      errors: new CheckedErrors(this, environ.errors),
      server: new CheckedContext(this, environ.server),
    }
  }

  // Findings

  /** The culprit is on the stack. */
  fault(code: RuleCode, done: string): void {
    this.validation.fault(code, done, this.environ)
  }

  /** The application has left the stack; who called `startResponse` is the next best to name. */
  faultLater(code: RuleCode, done: string): void {
    this.validation.faultLater(code, done, this.environ, this.#trace)
  }

  /** The error's own stack names the culprit. */
  faultThrown(code: RuleCode, who: string, error: unknown): void {
    const trace = error instanceof Error ? error : null
    const what = error instanceof Error ? `“${error.message}”` : describe(error)
    this.validation.faultLater(code, `${who} failed with ${what}`, this.environ, trace as Trace | null)
  }

  /** What each chunk would repeat is said once. */
  faultOnce(code: RuleCode, done: string, onStack: boolean): void {
    this.#reported ??= new Set()
    if (this.#reported.has(code)) return
    this.#reported.add(code)
    if (onStack) this.fault(code, done)
    else this.faultLater(code, done)
  }

  // The head

  #checked(startResponse: StartResponse): StartResponse {
    return (...call) => {
      const [status, headers] = call
      const declaredLength = this.#checkStart(status, headers, call.length > 2)
      startResponse(...call)
      this.#start(status, headers, declaredLength)
    }
  }

  #checkStart(status: number, headers: HeaderList, replacing: boolean): number {
    if (this.upgraded) {
      this.fault('TSGI_V_UPGRADE_RESULT', 'startResponse was called after upgrade')
    } else if (this.finished) {
      if (!this.failed) this.fault('TSGI_V_START_LATE', 'startResponse was called after the response had ended')
    } else if (this.started && !replacing) {
      this.fault(
        'TSGI_V_START_TWICE',
        `startResponse was called with ${describe(status)} after it had been with ${this.status}`,
      )
    }
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      this.fault('TSGI_V_STATUS', `The status was ${describe(status)}`)
    }
    const declaredLength = checkFields(headers, status, this)
    if (status === 405 && !hasField(headers, 'allow')) this.fault('TSGI_V_ALLOW_MISSING', 'A 405 had no allow')
    if (status === 426 && !hasField(headers, 'upgrade')) this.fault('TSGI_V_UPGRADE_MISSING', 'A 426 had no upgrade')
    if (declaredLength !== NO_LENGTH && (status === 204 || (status === 205 && declaredLength > 0))) {
      this.fault('TSGI_V_LENGTH_FORBIDDEN', `A ${status} had content-length: ${declaredLength}`)
    }
    return declaredLength
  }

  #start(status: number, headers: HeaderList, declaredLength: number): void {
    this.started = true
    this.status = status
    this.declaredLength = declaredLength
    this.#headers = headers
    this.#headersThen = headers.slice()
    if (this.validation.tracing) this.#trace = takeTrace()
  }

  /** The head goes out with what was flushed, if there is one yet. */
  flushed(): void {
    if (this.started) this.headSent = true
  }

  /** Whether a client reads a body in this response. */
  get #takesBody(): boolean {
    return this.environ.requestMethod !== 'HEAD' && !this.#forbidsBody
  }

  get #forbidsBody(): boolean {
    return this.status === 204 || this.status === 205 || this.status === 304
  }

  // The body

  /** @returns what the server is to get for it */
  respond(body: Body): Body {
    if (this.upgraded) {
      if (body !== null)
        this.faultLater('TSGI_V_UPGRADE_RESULT', `After upgrade the application gave back ${describe(body)}`)
      return body
    }
    if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
      if (body !== null) this.chunk(body, false)
      this.ended()
    } else if (Array.isArray(body)) {
      for (const chunk of body as readonly Chunk[]) this.chunk(chunk, false)
      this.ended()
    } else if (typeof body === 'function') return watchStream(this, body)
    else if (typeof body === 'object' && Symbol.asyncIterator in body) return watchAsync(this, body)
    else if (typeof body === 'object' && Symbol.iterator in body) return watchSync(this, body)
    else this.faultLater('TSGI_V_BODY_KIND', `The application gave back ${describe(body)}`)
    return body
  }

  /** @param onStack the application is what called */
  chunk(chunk: Chunk, onStack: boolean): void {
    this.#checkLastChunk(onStack)
    const isText = typeof chunk === 'string'
    if (!isText && !(chunk instanceof Uint8Array)) {
      this.faultOnce('TSGI_V_CHUNK_KIND', `A chunk was ${describe(chunk)}`, onStack)
      return
    }
    if (chunk.length === 0) return
    if (!isText) {
      this.#chunk = chunk
      this.#chunkSample = sampleOf(chunk)
    }
    if (!this.started) {
      if (!this.failed) this.faultOnce('TSGI_V_START_MISSING', 'A chunk came before startResponse was called', onStack)
    } else if (this.#forbidsBody && this.environ.requestMethod !== 'HEAD') {
      this.faultOnce('TSGI_V_BODY_FORBIDDEN', `A ${this.status} had a body`, onStack)
    }
    this.headSent = true
    // Counting the bytes of a string costs, so only where it matters.
    if (this.declaredLength === NO_LENGTH || !this.#takesBody) return
    this.#sent += isText ? Buffer.byteLength(chunk) : chunk.length
    if (this.#sent > this.declaredLength) {
      const done = `The body had ${this.#sent} bytes or more, and content-length was ${this.declaredLength}`
      this.faultOnce('TSGI_V_LENGTH_SURPLUS', done, onStack)
    }
  }

  /**
   * Then a response need not be whole: to stop is what `signal` is for, and no client is misled. Asked only before
   * a rule would blame, since a server may make the signal when it is asked for.
   */
  get #clientLeft(): boolean {
    return this.failed || this.environ.server.signal.aborted
  }

  /** The body has ended as it should. */
  ended(): void {
    this.#checkLastChunk(false)
    if (!this.started) {
      // A body that is returned after the client left need not have begun.
      if (!this.#clientLeft)
        this.faultOnce('TSGI_V_START_MISSING', 'The body ended, and startResponse was not called', false)
    } else if (this.declaredLength > this.#sent && this.#takesBody && !this.#clientLeft) {
      const done = `The body had ${this.#sent} bytes, and content-length was ${this.declaredLength}`
      this.faultOnce('TSGI_V_LENGTH_SHORT', done, false)
    }
  }

  #checkLastChunk(onStack: boolean): void {
    const chunk = this.#chunk
    if (chunk === null) return
    this.#chunk = null
    if (sampleOf(chunk) !== this.#chunkSample) {
      this.faultOnce('TSGI_V_CHUNK_CHANGED', 'Bytes that had been given as a chunk were written into', onStack)
    }
  }

  // The end

  #finish(failed: boolean): void {
    if (this.finished) {
      this.fault('TSGI_V_FINISH_TWICE', 'A finish listener was called a second time')
      return
    }
    this.finished = true
    this.failed = failed
    this.validation.active--
    this.watch?.checkClosed()
    this.#checkLastChunk(false)
    if (this.#headers !== null && !isSame(this.#headers, this.#headersThen)) {
      this.faultLater('TSGI_V_HEADERS_CHANGED', 'The list that was given to startResponse was changed afterwards')
    }
    if (!isSame(this.environ.headers, this.#requestHeadersThen)) {
      this.faultLater('TSGI_V_REQUEST_HEADERS_CHANGED', 'The list of the request’s headers was changed')
    }
    this.#checkGiven()
  }

  #checkGiven(): void {
    const { environ, given } = this
    let same = Object.keys(given).length === Object.keys(environ).length
    for (const key in environ) {
      if (given[key as keyof Environ] === environ[key as keyof Environ]) continue
      if (key !== 'input' && key !== 'errors' && key !== 'server') same = false
    }
    if (!same) this.faultLater('TSGI_V_ENVIRON_CHANGED', 'The environ was changed')
  }
}

function isSame(list: readonly string[], then: readonly string[]): boolean {
  if (list.length !== then.length) return false
  for (let i = 0; i < list.length; i++) if (list[i] !== then[i]) return false
  return true
}

function hasField(headers: HeaderList, name: string): boolean {
  if (!Array.isArray(headers)) return true
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) return true
  return false
}
