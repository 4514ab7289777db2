import { expect, test } from 'vitest'
import { estimate, median } from './median.ts'

test('the median is the middle value, or between the two', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
})

test('nothing has no estimate', () => {
  expect(estimate([])).toBeNull()
})

// Ranks from tables of the sign test's interval.
test.each([
  { count: 5, low: 1, high: 5, coverage: 0.9375 },
  { count: 6, low: 1, high: 6, coverage: 0.96875 },
  { count: 9, low: 2, high: 8, coverage: 0.9609 },
  { count: 25, low: 8, high: 18, coverage: 0.9567 },
])('of $count values the interval is from the $low. to the $high.', ({ count, low, high, coverage }) => {
  const result = estimate(Array.from({ length: count }, (_, at) => at + 1).toReversed())
  expect(result).toMatchObject({ low, high })
  expect(result?.coverage).toBeCloseTo(coverage, 3)
})

test('the interval holds the true median as often as it says', () => {
  let state = 7
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647
  let held = 0
  for (let trial = 0; trial < 2000; trial++) {
    // Skewed, as timings are: the true median of -log(u) is log 2.
    const result = estimate(Array.from({ length: 9 }, () => -Math.log(random())))
    if (result !== null && result.low <= Math.LN2 && Math.LN2 <= result.high) held++
  }
  expect(held / 2000).toBeGreaterThan(0.945)
})
