/** Outcomes as JUnit's XML, which every CI reads. */
import { forceOfOutcome, type Outcome } from './outcome.ts'
import { conformAgain, describeFailure } from './report.ts'
import type { Subject } from './subject.ts'

export function junit(subject: Pick<Subject, 'name' | 'argument'>, outcomes: readonly Outcome[]): string {
  const failures = outcomes.filter(({ kind }) => kind === 'failed').length
  const skipped = outcomes.filter(({ kind }) => kind !== 'passed' && kind !== 'failed').length
  const cases = outcomes.map((outcome) => {
    const { behaviour, milliseconds } = outcome
    const open = `  <testcase classname=${quoted(`level ${behaviour.level}`)} name=${quoted(`${behaviour.id}: ${behaviour.title}`)} time="${(milliseconds / 1000).toFixed(3)}"`
    const force = `<properties><property name="force" value="${forceOfOutcome(outcome)}"/></properties>`
    if (outcome.kind === 'passed') return `${open}>${force}</testcase>`
    if (outcome.kind === 'failed') {
      const text = escaped(describeFailure(outcome, conformAgain(subject, behaviour.id)))
      return `${open}>${force}<failure message=${quoted(outcome.failure.got)}>${text}</failure></testcase>`
    }
    return `${open}>${force}<skipped message=${quoted(reasonOf(outcome))}/></testcase>`
  })
  const counts = `tests="${outcomes.length}" failures="${failures}" skipped="${skipped}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name=${quoted(subject.name)} ${counts}>\n${cases.join('\n')}\n</testsuite>\n`
}

/** Why it is no pass and no failure. */
function reasonOf(outcome: Exclude<Outcome, { readonly kind: 'passed' | 'failed' }>): string {
  if (outcome.kind === 'blocked') return `blocked by ${outcome.by}`
  if (outcome.kind === 'inapplicable') return outcome.reason
  const { force, expected, got } = outcome.failure
  return `${force}, so no failure: expected ${expected}, got ${got}`
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string): string =>
  text
    .replaceAll(/[&<>"]/g, (c) => ESCAPES[c] as string)
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\uFFFD')

const quoted = (text: string): string => `"${escaped(text).replaceAll('\n', '&#10;')}"`
