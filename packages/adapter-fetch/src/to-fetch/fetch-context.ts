import type { ErrorStream, ServerContext } from '@tsgi/spec'
import { departureOf } from './departure.ts'
import { report } from '../report.ts'

type Finisher = (error?: unknown) => void

/** The server's side of one request where the server is whoever called the fetch handler. */
export class FetchContext implements ServerContext {
  readonly name = 'tsgi-adapter-fetch'
  /** Resolves when the application wants its head sent. */
  readonly flushed: Promise<void>
  /** Resolves when the response has ended, however it did. */
  readonly finished: Promise<void>
  readonly #request: Request
  readonly #errors: ErrorStream
  readonly #flush: () => void
  readonly #settle: () => void
  readonly #finishers: Finisher[] = []
  #controller: AbortController | undefined
  #outcome: { readonly error: unknown } | undefined

  constructor(request: Request, errors: ErrorStream) {
    this.#request = request
    this.#errors = errors
    const flushed = Promise.withResolvers<void>()
    const finished = Promise.withResolvers<void>()
    this.flushed = flushed.promise
    this.finished = finished.promise
    this.#flush = flushed.resolve
    this.#settle = finished.resolve
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      const host = this.#request.signal
      if (host.aborted) this.leave(host.reason)
      else host.addEventListener('abort', () => this.leave(host.reason), { once: true })
    }
    return this.#controller.signal
  }

  onFinish(fn: Finisher): void {
    if (this.#outcome === undefined) this.#finishers.push(fn)
    else this.#call(fn, this.#outcome.error)
  }

  flush(): void {
    this.#flush()
  }

  /** The client is gone, unless the response is complete. */
  leave(reason: unknown): void {
    if (this.#outcome === undefined) this.#controller?.abort(departureOf(reason))
  }

  /** The response ended: whole, without an error. Only the first time counts. */
  finish(error?: unknown): void {
    if (this.#outcome !== undefined) return
    this.#outcome = { error }
    for (const fn of this.#finishers) this.#call(fn, error)
    this.#settle()
  }

  #call(fn: Finisher, error: unknown): void {
    try {
      if (error === undefined) fn()
      else fn(error)
    } catch (failure) {
      report(this.#errors, 'A function given to onFinish failed', failure)
    }
  }
}
