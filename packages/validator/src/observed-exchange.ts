/** An exchange as what checks one part of it sees it: the facts that it asks for, and where it reports. */
import type { Chunk, Environ } from '@tsgi/spec'
import type { RuleCode } from '@tsgi/spec/clauses'
import type { FaultSink } from './fields.ts'
import type { Validation } from './validation.ts'

export interface ObservedExchange extends FaultSink {
  readonly validation: Validation
  /** As the server passed it. */
  readonly environ: Environ
  readonly started: boolean
  readonly headSent: boolean
  /** `upgrade` was called instead of `startResponse`. */
  upgraded: boolean
  /** Finish listeners were called. */
  readonly finished: boolean
  /** The response was not sent whole, as when the client left. */
  readonly failed: boolean
  /** What the head said of the body's length. */
  readonly declaredLength: number
  /** Asks, once the response has ended, whether its body was closed. */
  watch: { checkClosed(): void } | null
  /** The culprit is on the stack. */
  fault(code: RuleCode, done: string): void
  /** The application has left the stack. */
  faultLater(code: RuleCode, done: string): void
  /** The error's own stack names the culprit. */
  faultThrown(code: RuleCode, who: string, error: unknown): void
  /** What each chunk would repeat is reported once. */
  faultOnce(code: RuleCode, done: string, onStack: boolean): void
  /** @param onStack the application is what called */
  chunk(chunk: Chunk, onStack: boolean): void
  flushed(): void
  /** The body has ended as it should. */
  ended(): void
}
