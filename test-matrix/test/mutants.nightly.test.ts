/** Fifty faults by a seeded mutator: what survives is printed, and kept in mutants/survivors.json by mutants/main.ts. */
import { describe, expect, test } from 'vitest'
import { nameOf } from '../mutants/mutate.ts'
import { tryMutants } from '../mutants/run.ts'

const SEED = Number(process.env['FUZZ_SEED'] ?? 1)

/**
 * How many of fifty are caught. Raise it when a row of the kit or an exercise catches one of mutants/survivors.json; the aim is 45.
 */
const CAUGHT = 25

describe('faults that a mutator plants are caught by kit and grid', { timeout: 4 * 3_600_000 }, () => {
  test(`at least ${CAUGHT} of 50`, async () => {
    const verdicts = await tryMutants(50, SEED)
    const survivors = verdicts.filter(({ caught }) => caught === null).map(({ mutant }) => nameOf(mutant))
    expect(verdicts).toHaveLength(50)
    expect(survivors.length, `seed ${SEED}; these survived:\n${survivors.join('\n')}`).toBeLessThanOrEqual(50 - CAUGHT)
  })
})
