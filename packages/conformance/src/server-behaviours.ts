/** All behaviours of servers, in the order in which they are run. */
import type { Behaviour } from './behaviour.ts'
import { BOOTS } from './behaviours/boots.ts'
import { ENVIRON } from './behaviours/environ.ts'
import { ENDINGS, FAILURES } from './behaviours/failures.ts'
import { INPUT } from './behaviours/input.ts'
import { MESSAGES } from './behaviours/messages.ts'
import { REFUSALS } from './behaviours/refusals.ts'
import { HEADS, LENGTHS, RESPONSES } from './behaviours/responses.ts'
import { SERVICES } from './behaviours/services.ts'

const ALL: readonly Behaviour[] = [
  BOOTS,
  ENVIRON,
  HEADS,
  RESPONSES,
  LENGTHS,
  INPUT,
  FAILURES,
  ENDINGS,
  SERVICES,
  MESSAGES,
  REFUSALS,
].flat()

/** From the lowest level up; those with options of their own last in theirs, so that servers are started seldom. */
export const SERVER_BEHAVIOURS: readonly Behaviour[] = ALL.toSorted(
  (a, b) => a.level - b.level || JSON.stringify(a.options ?? '').localeCompare(JSON.stringify(b.options ?? '')),
)
