import type { ClauseId } from '@tsgi/spec/clauses'

/** Key under which the validator's findings are observed. */
export const FINDINGS = 'findings'

/** The detail of such an observation. */
export interface ValidatorFinding {
  readonly clause: ClauseId
  /** What the validator says of it. */
  readonly text: string
}
