/** Outcomes as JUnit's XML, which every CI reads. */
import type { Outcome } from './outcome.ts'
import { conformAgain, describeFailure } from './report.ts'
import type { Subject } from './subject.ts'

export function junit(subject: Pick<Subject, 'name' | 'argument'>, outcomes: readonly Outcome[]): string {
  const failures = outcomes.filter(({ kind }) => kind === 'failed').length
  const skipped = outcomes.filter(({ kind }) => kind === 'blocked' || kind === 'inapplicable').length
  const cases = outcomes.map((outcome) => {
    const { behaviour, milliseconds } = outcome
    const open = `  <testcase classname=${quoted(`level ${behaviour.level}`)} name=${quoted(`${behaviour.id}: ${behaviour.title}`)} time="${(milliseconds / 1000).toFixed(3)}"`
    if (outcome.kind === 'passed') return `${open}/>`
    if (outcome.kind === 'failed') {
      const text = escaped(describeFailure(outcome, conformAgain(subject, behaviour.id)))
      return `${open}><failure message=${quoted(outcome.failure.got)}>${text}</failure></testcase>`
    }
    const reason = outcome.kind === 'blocked' ? `blocked by ${outcome.by}` : outcome.reason
    return `${open}><skipped message=${quoted(reason)}/></testcase>`
  })
  const counts = `tests="${outcomes.length}" failures="${failures}" skipped="${skipped}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name=${quoted(subject.name)} ${counts}>\n${cases.join('\n')}\n</testsuite>\n`
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string): string =>
  text
    .replaceAll(/[&<>"]/g, (c) => ESCAPES[c] as string)
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\uFFFD')

const quoted = (text: string): string => `"${escaped(text).replaceAll('\n', '&#10;')}"`
