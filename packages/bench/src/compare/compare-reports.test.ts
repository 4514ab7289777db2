import { expect, test } from 'vitest'
import { randomFrom } from '../random.ts'
import { fakeResult, fakeRow } from '../../test/fakes/fake-result.ts'
import { compareReports } from './compare-reports.ts'

/** A run of a pairing against its baseline, with noise of a shared machine that hits both rows of a round alike, and each alone. */
function run(seed: number, slowed: number, rounds = 25) {
  const random = randomFrom(seed)
  const shared = Array.from({ length: rounds }, () => 0.8 + 0.4 * random())
  const costs = (cost: number) => shared.map((drift) => cost * drift * (0.97 + 0.06 * random()))
  return fakeResult([
    fakeRow({ id: 'a', costs: costs(20 * slowed), latencies: [] }),
    fakeRow({ id: 'base', baseline: true, costs: costs(40), latencies: [] }),
    fakeRow({ id: 'a again', twinOf: 'a', costs: costs(20 * slowed), latencies: [] }),
  ])
}

test.each([1, 2, 3, 4, 5])('two runs of the same pairing are a tie, noise %i', (seed) => {
  const { differences, regressions } = compareReports(run(seed, 1), run(seed + 100, 1))
  expect(differences.find(({ id }) => id === 'a')?.verdict).toBe('tie')
  expect(regressions).toEqual([])
})

test.each([1, 2, 3, 4, 5])('a server slowed by a fifth is slower over 25 rounds, noise %i', (seed) => {
  const { regressions } = compareReports(run(seed, 1), run(seed + 100, 1.2))
  expect(regressions).toMatchObject([{ id: 'a', by: 'ratio', verdict: 'slower' }])
})

test('a change below the threshold is told, and no regression', () => {
  const [before, after] = [run(1, 1), run(2, 1.2)]
  expect(compareReports(before, after, { threshold: 0.5 })).toMatchObject({ regressions: [] })
  expect(compareReports(before, after, { threshold: 0.5 }).differences[0]?.verdict).toBe('slower')
  expect(compareReports(after, before).differences[0]?.verdict).toBe('faster')
})

test('rows of one run only are named', () => {
  const other = fakeResult([fakeRow({ id: 'other', costs: [1, 1, 1, 1, 1] })])
  expect(compareReports(run(1, 1), other).left).toEqual([
    'other, plain text: only in the second run',
    'a, plain text: only in the first run',
    'base, plain text: only in the first run',
  ])
})

test('two runs that were not made alike are compared with a warning', () => {
  const other = run(1, 1)
  const environment = { ...other.environment, versions: { node: '30.0.0' } }
  expect(compareReports(run(1, 1), { ...other, environment }).warnings).toEqual([
    'Node: 26.10.0 in the first run, 30.0.0 in the second',
  ])
})
