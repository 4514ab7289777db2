import { CLAUSES, RULES, type ClauseId, type RuleCode } from '@tsgi/spec/clauses'
import { REMEDIES } from '../src/remedies.ts'

/** RULES.md: each code, the clause that it proves broken, whose fault it is, and what to do. */
export function rulesPage(): string {
  const lines = [
    '# Rules',
    '',
    'What `@tsgi/validator` reports, by the clauses of [SPEC.md](../spec/SPEC.md). Made by `pnpm -F @tsgi/validator generate`.',
  ]
  let last: ClauseId | null = null
  for (const code of Object.keys(RULES) as RuleCode[]) {
    const { clause, culprit } = RULES[code]
    if (clause !== last) lines.push('', `## [${clause} ${CLAUSES[clause]}](../spec/SPEC.md#${anchorOf(clause)})`, '')
    lines.push(`- \`${code}\` (${culprit}): ${REMEDIES[code]}.`)
    last = clause
  }
  return `${lines.join('\n')}\n`
}

/** As GitHub makes anchors of headings. */
const anchorOf = (clause: ClauseId): string =>
  `${clause} ${CLAUSES[clause]}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
