/** What a behaviour proves: a clause of SPEC.md or a section of an RFC. */
import { CLAUSES, type ClauseId } from '@tsgi/spec/clauses'

export type SpecClause = ClauseId
export type RfcClause = `RFC ${number} §${string}` | `RFC ${number}`
export type Clause = SpecClause | RfcClause

/** `SPEC.md G.1, Closed exactly once`, or the RFC's section. */
export function describeClause(clause: Clause): string {
  return clause.startsWith('RFC ') ? clause : `SPEC.md ${clause}, ${CLAUSES[clause as ClauseId]}`
}

/** Where the text stands: of SPEC.md, in the package that brings it. */
export function clauseUrl(clause: Clause): string {
  const [, rfc, section] = /^RFC (\d+)(?: §(.+))?$/.exec(clause) ?? []
  if (rfc !== undefined) {
    return `https://www.rfc-editor.org/rfc/rfc${rfc}.html${section === undefined ? '' : `#section-${section}`}`
  }
  const title = CLAUSES[clause as ClauseId]
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
  return `@tsgi/spec/SPEC.md#${clause.toLowerCase().replace('.', '')}-${title}`
}
