import type { Environ } from '@tsgi/spec'
import { report } from '../report.ts'

/**
 * The third argument of a fetch app, in the shape that Workers gave it: work that goes on after the response is handed
 * to `waitUntil`, and the server's shutdown waits for it.
 */
export interface ExecutionContext {
  waitUntil(promise: PromiseLike<unknown>): void
  /** For apps written for Workers; there is no origin to pass through to, so it does nothing. */
  passThroughOnException(): void
  readonly props: unknown
}

/** The work that an application's requests left behind. */
export type PendingWork = Set<PromiseLike<unknown>>

export class RequestContext implements ExecutionContext {
  readonly #environ: Environ
  readonly #pending: PendingWork

  constructor(environ: Environ, pending: PendingWork) {
    this.#environ = environ
    this.#pending = pending
  }

  get props(): unknown {
    return {}
  }

  waitUntil(promise: PromiseLike<unknown>): void {
    const pending = this.#pending
    const errors = this.#environ.errors
    const work = Promise.resolve(promise)
      .catch((error: unknown) => report(errors, 'Work left to waitUntil failed', error))
      .finally(() => pending.delete(work))
    pending.add(work)
  }

  passThroughOnException(): void {}
}

/** Resolves when nothing is left, work that is added meanwhile included. */
export async function settled(pending: PendingWork): Promise<void> {
  while (pending.size > 0) await Promise.all(pending)
}
