import type { Body, Environ, StartResponse } from '@tsgi/spec'
import { BridgeError } from './bridge-error.ts'
import type { RequestBody } from './request-body.ts'
import { readHead } from './response-head.ts'
import { ResponseStream, type StreamSide } from './response-stream.ts'

/** What a call waits for. While it is `client`, a handler that does not move is not to blame. */
export type Waiting = 'worker' | 'client'

/** One request on its way through the pool. */
export class Call {
  readonly id: number
  readonly environ: Environ
  readonly body: RequestBody
  readonly #startResponse: StartResponse
  readonly #resolve: (body: Body) => void
  readonly #reject: (error: unknown) => void
  #stream: ResponseStream | null = null
  #answered = false
  /** Whether the server wants no answer any more. */
  over = false
  /** When the worker last moved, by `performance.now()`; 0 before it was this call's turn. */
  movedAt = 0
  waiting: Waiting = 'worker'
  /** What broke the request's body: it knows the status to answer with (SPEC F.3), which an error of the worker does not. */
  inputError: unknown = undefined
  /** Bytes of the response that the worker may still send. */
  room = 0

  constructor(
    id: number,
    environ: Environ,
    body: RequestBody,
    startResponse: StartResponse,
    resolve: (body: Body) => void,
    reject: (error: unknown) => void,
  ) {
    this.id = id
    this.environ = environ
    this.body = body
    this.#startResponse = startResponse
    this.#resolve = resolve
    this.#reject = reject
  }

  /** `GET /path`, for the log. */
  get name(): string {
    const { requestMethod, scriptName, pathInfo } = this.environ
    return `${requestMethod} ${scriptName}${pathInfo}`
  }

  /** The whole answer. */
  answer(head: string, body: Buffer): void {
    // No bytes are `null`: an answer to HEAD has none, and a length of 0 would be wrong there (SPEC L.6).
    if (this.#start(head)) this.#resolve(body.length === 0 ? null : body)
    else this.abandon()
  }

  /** Settles a call whose answer nobody wants any more: a server waits for it before it shuts down (SPEC M.2). */
  abandon(): void {
    this.#resolve(null)
  }

  /**
   * The head of an answer whose body follows.
   *
   * @returns whether it is wanted
   */
  begin(head: string, side: StreamSide): boolean {
    if (!this.#start(head)) return false
    this.#stream = new ResponseStream(side)
    this.#resolve(this.#stream)
    return true
  }

  /** The client is to see the head, though no byte of the body is there yet. */
  flush(): void {
    this.environ.server.flush()
  }

  push(chunk: Buffer): void {
    this.#stream?.push(chunk)
  }

  end(): void {
    if (this.#stream === null) this.abandon()
    else this.#stream.end()
  }

  fail(error: unknown): void {
    if (this.#stream !== null) {
      this.#stream.fail(error)
    } else if (this.over) {
      this.abandon()
    } else if (!this.#answered) {
      this.#answered = true
      this.#reject(error)
    }
  }

  /** Answers without a worker. */
  refuse(status: 503, text: string): void {
    if (this.over || this.#answered) return
    this.#answered = true
    this.#startResponse(status, ['content-type', 'text/plain; charset=utf-8', 'retry-after', '1'])
    this.#resolve(text)
  }

  log(text: string): void {
    this.environ.errors.write(text)
  }

  #start(text: string): boolean {
    if (this.over || this.#answered) return false
    this.#answered = true
    const { status, headers } = readHead(text)
    try {
      this.#startResponse(status, headers)
      return true
    } catch (error) {
      this.#reject(error)
      return false
    }
  }
}

export const workerEnded = (call: Call, how: string): BridgeError =>
  new BridgeError('TSGI_ERR_BRIDGE_WORKER', `the worker ${how} while it answered ${call.name}`)
