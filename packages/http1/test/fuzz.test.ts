import { expect, test } from 'vitest'
import { readCorpus } from '../fuzz/corpus.ts'
import { examine } from '../fuzz/examine.ts'
import { fuzz } from '../fuzz/fuzz.ts'
import { Random } from '../fuzz/random.ts'

/** Ten minutes of it: `pnpm fuzz`. */
const INPUTS = 4000

test('mutations of the corpus find nothing', { timeout: 60_000 }, async () => {
  const corpus = readCorpus()
  expect(corpus.length).toBeGreaterThan(100)
  const { inputs, finding } = await fuzz(corpus, { seed: 1, goesOn: (inputs) => inputs < INPUTS })
  expect(finding).toBeNull()
  expect(inputs).toBe(INPUTS)
})

test('each input of the corpus takes a way of its own through the parser', async () => {
  const random = new Random(1)
  const kinds = await Promise.all(readCorpus().map((input) => examine(input, random)))
  expect(new Set(kinds).size).toBe(kinds.length)
})
