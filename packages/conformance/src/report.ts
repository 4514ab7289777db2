/** A report in words: what failed and why, what is blocked by it, what could not be asked. */
import { LEVELS } from './behaviour.ts'
import { clauseUrl, describeClause } from './clause.ts'
import { type Force, FORCES, MEANINGS } from './force.ts'
import { type Failure, forceOfOutcome, type Outcome } from './outcome.ts'
import type { JudgedSubject, Subject } from './subject.ts'

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
    ...(outcome.kind === 'differs' ? [`  force     ${failure.force}, so no failure: ${MEANINGS[failure.force]}`] : []),
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

export function describeOutcomes(subject: JudgedSubject, outcomes: readonly Outcome[]): string {
  const lines: string[] = []
  for (const outcome of outcomes) {
    // A run of one case is for seeing it, failure or not.
    const shown = outcome.kind === 'failed' || (outcome.kind === 'differs' && outcomes.length === 1)
    if (shown) lines.push(describeFailure(outcome, conformAgain(subject, outcome.behaviour.id)), '')
  }
  const free = FORCES.filter((force) => !subject.binding.includes(force))
  for (const force of free) lines.push(...differences(force, outcomes))
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
  // What was not asked has no force that counts.
  const counted = outcomes.filter(
    (outcome) => outcome.kind === 'inapplicable' || subject.binding.includes(forceOfOutcome(outcome)),
  )
  LEVELS.forEach((title, level) => {
    const those = counted.filter((outcome) => outcome.behaviour.level === level)
    if (those.length > 0) lines.push(`level ${level}, ${title}: ${summary(those)}`)
  })
  if (free.length > 0) lines.push(...table(subject, outcomes))
  lines.push(`${subject.name}: ${summary(counted)}`)
  const [first, second] = outcomes.filter(({ kind }) => kind === 'failed')
  // The end of a long report is what a terminal shows.
  if (first !== undefined && second !== undefined) {
    lines.push(`begin with ${first.behaviour.id}: ${conformAgain(subject, first.behaviour.id)}`)
  }
  return lines.join('\n')
}

/** What does not hold and does not bind, a line each. */
function differences(force: Force, outcomes: readonly Outcome[]): string[] {
  const those = outcomes.flatMap((outcome) =>
    outcome.kind === 'differs' && outcome.failure.force === force ? [outcome] : [],
  )
  if (those.length === 0) return []
  const width = Math.max(...those.map(({ behaviour }) => behaviour.id.length))
  return [
    `${force}, no failures (${MEANINGS[force]}):`,
    ...those.map(({ behaviour, failure }) => {
      return `  ${behaviour.id.padEnd(width)}  ${failure.clause}: expected ${failure.expected}, got ${cut(failure.got)}`
    }),
    '',
  ]
}

const CUT = 60

const cut = (text: string): string => (text.length <= CUT ? text : `${text.slice(0, CUT)}…`)

/** A row for each force: what holds, what does not, and whether that counts. */
function table(subject: JudgedSubject, outcomes: readonly Outcome[]): string[] {
  const rows = FORCES.map((force) => {
    const those = outcomes.filter((outcome) => forceOfOutcome(outcome) === force)
    const passed = those.filter(({ kind }) => kind === 'passed').length
    const failed = those.filter(({ kind }) => kind === 'failed' || kind === 'differs').length
    const weight = subject.binding.includes(force) ? 'decides the verdict' : 'does not count'
    return [force, String(passed), String(failed), `${MEANINGS[force]}; ${weight}`] as const
  })
  return [['', 'passed', 'failed', ''] as const, ...rows].map(([force, passed, failed, meaning]) =>
    `${force.padEnd(6)}  ${passed.padStart(6)}  ${failed.padStart(6)}  ${meaning}`.trimEnd(),
  )
}
