/** Outcomes as JSON, for programs. */
import { LEVELS } from './behaviour.ts'
import { clauseUrl, describeClause } from './clause.ts'
import type { Conformance } from './conform.ts'
import type { Force } from './force.ts'
import { forceOfOutcome, type Outcome } from './outcome.ts'

export interface ConformanceJson {
  readonly subject: string
  readonly conforms: boolean
  /** The forces that `conforms` goes by. */
  readonly binding: readonly Force[]
  readonly outcomes: readonly OutcomeJson[]
}

export interface OutcomeJson {
  readonly id: string
  readonly title: string
  readonly level: number
  /** Such as `interface`. */
  readonly levelName: string
  readonly clause: string
  readonly clauseUrl: string
  /** How much it binds. */
  readonly force: Force
  /** `differs`: it does not hold, and does not bind this subject. */
  readonly verdict: Outcome['kind']
  readonly milliseconds: number
  /** Id of what blocks it. */
  readonly blockedBy?: string
  /** Why it was not asked. */
  readonly reason?: string
  readonly expected?: string
  readonly got?: string
  /** Lines of the wire, with visible line ends. */
  readonly wire?: readonly string[]
  /** Warnings and errors that the server logged meanwhile. */
  readonly log?: readonly string[]
  readonly hint?: string
}

/** The same as the report, in a form that stays as it is within a major version. */
export function conformanceJson({ subject, conforms, outcomes }: Conformance): ConformanceJson {
  return { subject: subject.name, conforms, binding: subject.binding, outcomes: outcomes.map(outcomeJson) }
}

function outcomeJson(outcome: Outcome): OutcomeJson {
  const { behaviour, kind, milliseconds } = outcome
  const { id, title, level, hint } = behaviour
  const clause = kind === 'failed' || kind === 'differs' ? outcome.failure.clause : behaviour.clause
  const base = {
    id,
    title,
    level,
    levelName: LEVELS[level] as string,
    clause: describeClause(clause),
    clauseUrl: clauseUrl(clause),
    force: forceOfOutcome(outcome),
    verdict: kind,
    milliseconds: Math.round(milliseconds),
  }
  if (kind === 'blocked') return { ...base, blockedBy: outcome.by }
  if (kind === 'inapplicable') return { ...base, reason: outcome.reason }
  if (kind === 'passed') return base
  const { expected, got, wire, log } = outcome.failure
  return { ...base, expected, got, wire: wire.split('\n'), log, ...(hint !== undefined && { hint }) }
}
