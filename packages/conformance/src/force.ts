/** How much a behaviour binds. */
import type { Clause } from './clause.ts'

/**
 * `must`: an RFC says MUST, or SPEC.md says it of every server of TSGI. `should`: an RFC says SHOULD. `ours`: an RFC leaves it
 * open, and it is what this project chose.
 *
 * All of them bind a server module; a server by its address is judged by `must` alone.
 */
export type Force = 'must' | 'should' | 'ours'

/** The strongest first. */
export const FORCES: readonly Force[] = ['must', 'should', 'ours']

/** What a force means, for a reader who does not know the word. Clauses of SPEC.md are asked of a probe only. */
export const MEANINGS: Readonly<Record<Force, string>> = {
  must: 'an RFC requires it',
  should: 'an RFC recommends it',
  ours: 'RFCs leave it open',
}

/** The force of a behaviour: clauses of SPEC.md bind unless it says otherwise. */
export const forceOf = (behaviour: { readonly clause: Clause; readonly force?: Force | undefined }): Force =>
  behaviour.force ?? 'must'

export const isStronger = (one: Force, other: Force): boolean => FORCES.indexOf(one) < FORCES.indexOf(other)

export const strongest = (first: Force, ...others: readonly Force[]): Force =>
  others.reduce((strong, one) => (isStronger(one, strong) ? one : strong), first)
