/** All behaviours of servers, in the order in which they are run. */
import type { Behaviour } from './behaviour.ts'
import { BOOTS } from './behaviours/boots.ts'
import { REFUSALS } from './behaviours/refusals.ts'

export const SERVER_BEHAVIOURS: readonly Behaviour[] = [BOOTS, REFUSALS].flat()
