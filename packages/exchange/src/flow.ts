/** How fast a body may go. */
export interface Flow {
  /** The client is slower than the body: wait for `resume` of its exchange. */
  readonly blocked: boolean
  /** Sends what was gathered, now. */
  flush(): void
  /** Sends what was gathered when nothing more is about to be added (B.8). */
  flushSoon(): void
  /** The application still works for a response that is over: the process waits for it before it ends, within its graceful limit (M.2). */
  trackCall(call: PromiseLike<unknown>): void
  /** A `close` or `return` that takes its time: the process waits a moment for it before it ends. */
  trackClosing(closing: PromiseLike<unknown>): void
}
