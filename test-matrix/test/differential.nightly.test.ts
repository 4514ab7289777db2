import { describe } from 'vitest'
import { describeDifferential } from './differential/comparing.ts'

/** A new seed each night; FUZZ_SEED repeats one, which a failure prints; FUZZ_RUNS is how many applications. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Date.now() / 1000))

describe('random applications are treated as SPEC.md says', () =>
  describeDifferential(Number(process.env['FUZZ_RUNS'] ?? 40_000), seed))
