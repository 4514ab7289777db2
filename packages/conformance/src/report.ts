/** A report in words: what failed and why, what is blocked by it, what could not be asked. */
import { LEVELS } from './behaviour.ts'
import { clauseUrl, describeClause } from './clause.ts'
import type { Failure, Outcome } from './outcome.ts'
import type { Subject } from './subject.ts'

/** The command that runs one case of a server again. */
export const conformAgain = ({ argument }: Pick<Subject, 'argument'>, id: string): string =>
  `tsgi conform ${argument} --only ${id}`

/**
 * One failure: what was done, expected and got, the bytes, the likely cause, and how to run it again.
 *
 * @param again the command that runs just this case
 */
export function describeFailure(outcome: Outcome & { readonly failure: Failure }, again: string): string {
  const { behaviour, failure } = outcome
  const lines = [
    `${behaviour.id}: ${behaviour.title}`,
    `  clause    ${describeClause(failure.clause)}  ${clauseUrl(failure.clause)}`,
    `  expected  ${failure.expected}`,
    `  got       ${failure.got}`,
  ]
  if (failure.stack !== undefined) lines.push(...failure.stack.split('\n').map((line) => `    ${line}`))
  if (failure.wire !== '') lines.push('  on the wire', ...failure.wire.split('\n').map((line) => `    ${line}`))
  if (failure.log.length > 0) {
    lines.push('  the server logged', ...failure.log.flatMap((entry) => entry.split('\n').map((line) => `    ${line}`)))
  }
  // What is usually wrong is not what is wrong where it says itself.
  if (behaviour.hint !== undefined && failure.stack === undefined) lines.push(`  likely    ${behaviour.hint}`)
  lines.push(`  again     ${again}`)
  return lines.join('\n')
}

/** Counts by verdict, in one line. */
export function summary(outcomes: readonly Outcome[]): string {
  const count = (kind: Outcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length
  const parts = [`${count('passed')} passed`, `${count('failed')} failed`]
  if (count('blocked') > 0) parts.push(`${count('blocked')} blocked`)
  if (count('inapplicable') > 0) parts.push(`${count('inapplicable')} not asked`)
  return parts.join(', ')
}

const NAMED = 8

const some = (ids: readonly string[]): string =>
  ids.length <= NAMED ? ids.join(', ') : `${ids.slice(0, NAMED).join(', ')} and ${ids.length - NAMED} more`

export function describeOutcomes(subject: Pick<Subject, 'name' | 'argument'>, outcomes: readonly Outcome[]): string {
  const lines: string[] = []
  for (const outcome of outcomes) {
    if (outcome.kind === 'failed') lines.push(describeFailure(outcome, conformAgain(subject, outcome.behaviour.id)), '')
  }
  const blocked = Map.groupBy(
    outcomes.filter((outcome) => outcome.kind === 'blocked'),
    ({ by }) => by,
  )
  for (const [by, those] of blocked) {
    lines.push(`${those.length} blocked until ${by} holds: ${some(those.map(({ behaviour }) => behaviour.id))}`)
  }
  const reasons = Map.groupBy(
    outcomes.filter((outcome) => outcome.kind === 'inapplicable'),
    ({ reason }) => reason,
  )
  for (const [reason, those] of reasons) lines.push(`${those.length} not asked: ${reason}`)
  LEVELS.forEach((title, level) => {
    const those = outcomes.filter((outcome) => outcome.behaviour.level === level)
    if (those.length > 0) lines.push(`level ${level}, ${title}: ${summary(those)}`)
  })
  lines.push(`${subject.name}: ${summary(outcomes)}`)
  const [first, second] = outcomes.filter(({ kind }) => kind === 'failed')
  // The end of a long report is what a terminal shows.
  if (first !== undefined && second !== undefined) {
    lines.push(`begin with ${first.behaviour.id}: ${conformAgain(subject, first.behaviour.id)}`)
  }
  return lines.join('\n')
}
