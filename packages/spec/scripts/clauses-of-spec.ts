/**
 * Reads the clauses out of SPEC.md, and writes them down as the module that everything else refers to: `src/clauses.ts`.
 * A clause is a heading `### E.3 Title`; its codes stand in a paragraph ``*Validator:* `TSGI_V_…` (server), …``.
 */
export interface SpecClause {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly rules: readonly SpecRule[]
}

export interface SpecRule {
  readonly code: string
  readonly culprit: string
}

export function clausesOfSpec(markdown: string): SpecClause[] {
  const clauses: SpecClause[] = []
  for (const part of markdown.split(/^(?=##+ )/m)) {
    const heading = /^### (?<id>[A-Z]\.\d+) (?<title>.+)\n/.exec(part)
    if (heading?.groups === undefined) continue
    const { id = '', title = '' } = heading.groups
    clauses.push({ id, title, text: part.slice(heading[0].length).trim(), rules: rulesOf(part) })
  }
  return clauses
}

function rulesOf(clause: string): SpecRule[] {
  const line = /\n\*Validator:\* (?<list>[^]*?)(?:\n\n|\n?$)/.exec(clause)?.groups?.['list']
  if (line === undefined) return []
  return line.split(/,\s+/).map((item) => {
    const rule = /^`(?<code>TSGI_V_[A-Z_]+)`\s\((?<culprit>server|application)\)\s*$/.exec(item)?.groups
    if (rule === undefined) throw new Error(`expected \`TSGI_V_…\` (server|application), found ${item}`)
    return { code: rule['code'] ?? '', culprit: rule['culprit'] ?? '' }
  })
}

export function clausesModule(clauses: readonly SpecClause[]): string {
  const lines = [
    '// Made from SPEC.md by `pnpm -F @tsgi/spec generate`, and compared with it by a test. Edit SPEC.md.',
    '',
    '/** The clauses of SPEC.md and their titles. */',
    'export const CLAUSES = {',
    ...clauses.map(({ id, title }) => `  '${id}': ${quoted(title)},`),
    '} as const',
    '',
    '/** Number of a clause, such as `H.3`. */',
    'export type ClauseId = keyof typeof CLAUSES',
    '',
    '/** Clauses that bind every server by themselves, validator or not: a conformance kit has a behaviour for each. */',
    `export type EveryServerClause = ${everyServer(clauses)}`,
    '',
    '/** What the validator reports: the clause that is broken, and whose fault it is. */',
    'export const RULES = {',
    ...clauses.flatMap(({ id, rules }) =>
      rules.map(({ code, culprit }) => `  ${code}: { clause: '${id}', culprit: '${culprit}' },`),
    ),
    '} as const',
    '',
    '/** Code of one of the validator’s findings, such as `TSGI_V_STATUS`. */',
    'export type RuleCode = keyof typeof RULES',
    '',
  ]
  return lines.join('\n')
}

const everyServer = (clauses: readonly SpecClause[]): string =>
  clauses
    .filter(({ text }) => /\bevery\s+server\s+does\b/i.test(text))
    .map(({ id }) => `'${id}'`)
    .join(' | ')

const quoted = (text: string): string => (text.includes("'") ? JSON.stringify(text) : `'${text}'`)
