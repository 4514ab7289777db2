/** All behaviours of servers, in the order in which they are run, and what stands on what. */
import type { Behaviour } from './behaviour.ts'
import { BOOTS } from './behaviours/boots.ts'
import { ENVIRON } from './behaviours/environ.ts'
import { ENDINGS, FAILURES } from './behaviours/failures.ts'
import { INPUT } from './behaviours/input.ts'
import { MESSAGES } from './behaviours/messages.ts'
import { ORDER } from './behaviours/order.ts'
import { REFUSALS } from './behaviours/refusals.ts'
import { HEADS, LENGTHS, RESPONSES } from './behaviours/responses.ts'
import { SERVICES } from './behaviours/services.ts'
import { WAITING } from './behaviours/waiting.ts'
import { LIKELY_CAUSES } from './likely-causes.ts'

const ALL: readonly Behaviour[] = [
  BOOTS,
  RESPONSES,
  ENVIRON,
  HEADS,
  LENGTHS,
  INPUT,
  FAILURES,
  ENDINGS,
  ORDER,
  WAITING,
  SERVICES,
  MESSAGES,
  REFUSALS,
].flat()

/** The simplest answer of an application: without it nothing that asks an application can be judged. */
const ANSWER = 'body-string'

/** Further foundations, by the beginning of ids. */
const FOUNDATIONS: readonly (readonly [ids: string, foundation: string])[] = [
  ['input-', 'input-length'],
  ['input-trailers', 'input-chunked'],
  ['input-bytewise', 'input-chunked'],
  ['continue-', 'input-length'],
  ['chunk-', 'input-chunked'],
  ['trailer-', 'input-chunked'],
  ['trailers-too-large', 'input-chunked'],
  ['gone-', 'gone-signal'],
  ['close-client-gone', 'gone-signal'],
  ['left-gone', 'gone-signal'],
  ['half-close-', 'half-close'],
  ['half-close-body', 'half-close-signal'],
  ['pipelined', 'keep-alive'],
  ['head-plain', 'keep-alive'],
]

function foundationsOf({ id, app, anywhere, level }: Behaviour): string[] {
  const own = FOUNDATIONS.flatMap(([ids, foundation]) => (id.startsWith(ids) && id !== foundation ? [foundation] : []))
  const asksApplication = app !== undefined && anywhere === undefined && level > 0 && id !== ANSWER
  return asksApplication ? [ANSWER, ...own] : own
}

/** From the lowest level up; those with options of their own last in theirs, so that servers are started seldom. */
export const SERVER_BEHAVIOURS: readonly Behaviour[] = ALL.map((behaviour) => ({
  ...behaviour,
  after: [...(behaviour.after ?? []), ...foundationsOf(behaviour)],
  hint: behaviour.hint ?? LIKELY_CAUSES[behaviour.id],
})).toSorted(
  (a, b) => a.level - b.level || JSON.stringify(a.options ?? '').localeCompare(JSON.stringify(b.options ?? '')),
)
