/** How a behaviour came out on a subject. */
import type { Behaviour } from './behaviour.ts'
import type { Clause } from './clause.ts'
import { type Force, forceOf } from './force.ts'

export interface Failure {
  readonly clause: Clause
  /** Of what was expected: it may bind less than the behaviour as a whole. */
  readonly force: Force
  readonly expected: string
  readonly got: string
  /** Bytes on the wire with visible line ends. */
  readonly wire: string
  /** What the server logged meanwhile as a warning or an error, the last of it; empty where nobody can see its log. */
  readonly log: readonly string[]
  /** Where it was no mismatch but an error of the check or the server. */
  readonly stack?: string | undefined
}

export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** It does not hold, and does not bind this subject: `should` or `ours` of a server by its address. */
  | { readonly kind: 'differs'; readonly failure: Failure }
  /** Cannot be judged: something that it stands on failed. */
  | { readonly kind: 'blocked'; readonly by: string }
  /** Cannot be asked of this subject, and why. */
  | { readonly kind: 'inapplicable'; readonly reason: string }

export type Outcome = { readonly behaviour: Behaviour; readonly milliseconds: number } & Verdict

/** How much it binds: of what does not hold, the expectation that was not met. */
export const forceOfOutcome = (outcome: Outcome): Force =>
  outcome.kind === 'failed' || outcome.kind === 'differs' ? outcome.failure.force : forceOf(outcome.behaviour)
