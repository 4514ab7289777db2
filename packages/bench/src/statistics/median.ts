/** A median and the interval that holds the true one in at least `coverage` of cases. */
export interface Estimate {
  readonly median: number
  readonly low: number
  readonly high: number
  /** Below 0.95 where there were too few values: five give 0.9375 at most. */
  readonly coverage: number
  readonly values: number
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2
}

/**
 * The median with a 95 % interval between two of the sorted values. How many lie below the true median is binomial
 * whatever the distribution is, so nothing is assumed of the noise, which on shared machines is anything but normal.
 *
 * @returns `null` for no values
 */
export function estimate(values: readonly number[]): Estimate | null {
  const count = values.length
  if (count === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  let cut = 0
  while (2 * (cut + 1) < count && coverageOf(count, cut + 1) >= 0.95) cut++
  return {
    median: median(sorted),
    low: sorted[cut] ?? Number.NaN,
    high: sorted[count - 1 - cut] ?? Number.NaN,
    coverage: coverageOf(count, cut),
    values: count,
  }
}

/** Probability that the median lies between the values that are left when `cut` go at either end. */
function coverageOf(count: number, cut: number): number {
  let outside = 0
  let ways = 1
  for (let below = 0; below <= cut; below++) {
    outside += ways / 2 ** count
    ways = (ways * (count - below)) / (below + 1)
  }
  return Math.max(0, 1 - 2 * outside)
}
