/** A few faults, each looked for with the behaviour that finds it; fifty of them are in the nightly tier. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { choose, type Mutant, mutantsOf } from '../mutants/mutate.ts'
import { chooseMutants, tryMutant } from '../mutants/run.ts'

const changesOf = (text: string): string[] => mutantsOf('a.ts', text).map(({ before, after }) => `${before} → ${after}`)

describe('faults that a mutator plants are caught by kit and grid', () => {
  test('and are slips that an author could make', () => {
    expect(changesOf('if (a < 1) throw b')).toEqual(['a < 1 → (a <= 1)', 'throw b → ;'])
    expect(changesOf('x = !a && b === c ? d : e')).toEqual([
      'x = !a && b === c ? d : e → ;',
      '!a && b === c ? d : e → (!a && b === c ? e : d)',
      '!a && b === c → (!a || b === c)',
      '!a → !!a',
      'b === c → (b !== c)',
    ])
    expect(changesOf("import { a } from './a.ts'\ntype B = 1 | 2\nconst c = a as true")).toEqual([])
  })

  test('and are the same for the same seed, wherever they move to', () => {
    const first = mutantsOf('a.ts', 'a < b; c < d; e < f')
    const moved = mutantsOf('a.ts', '\n\nnew_();\na < b; c < d; e < f').filter(({ kind }) => kind === 'boundary')
    const names = (mutants: readonly Mutant[]): string[] => mutants.map(({ before }) => before)
    const chosen = names(choose(first, 2, 1))
    expect(names(choose(moved, 2, 1))).toEqual(chosen)
    expect(chooseMutants(50, 1)).toHaveLength(50)
  })

  test('where a behaviour sees them, and where none is planted nothing is', async () => {
    const file = 'packages/exchange/src/exchange.ts'
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    const fault = mutantsOf(file, text).find(({ before }) => before === 'status < 200')
    if (fault === undefined) throw new Error(`expected ${file} to refuse a status below 200`)
    const expected = { 'kit event-loop': ['boot-listens', 'body-string'] }
    expect(await tryMutant({ ...fault, after: fault.before }, expected)).toMatchObject({ caught: null })
    expect((await tryMutant(fault, expected)).caught).toContain('kit event-loop: body-string')
  })
})
