/** Applications at random, on each carrier of exchanges and by the second reading of SPEC.md that the validator has. */
import { describe } from 'vitest'
import { describeDifferential } from './differential/comparing.ts'

describe('random applications are treated as SPEC.md says', () => describeDifferential(250, 1))
