/**
 * When to start again what keeps ending. The first end is answered at once; from the second in a row the wait doubles
 * from `FIRST_WAIT` up to `LONGEST_WAIT`, spread by a quarter to either side so that workers do not fall in step. A worker that
 * held for `STABLE` milliseconds ends the row.
 */
export const FIRST_WAIT = 100
export const LONGEST_WAIT = 10_000
export const STABLE = 10_000
const SPREAD = 0.25

export interface BackOff {
  /** Ends in a row. */
  readonly ends: number
  /** No start before this moment. */
  readonly until: number
}

export const RESTED: BackOff = Object.freeze({ ends: 0, until: 0 })

/**
 * @param lived how long the worker had been accepting when it ended, in milliseconds
 * @param random in [0, 1)
 */
export function afterEnd(before: BackOff, lived: number, now: number, random: number): BackOff {
  const ends = lived >= STABLE ? 1 : before.ends + 1
  if (ends === 1) return { ends, until: now }
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (ends - 2))
  return { ends, until: now + wait * (1 - SPREAD + 2 * SPREAD * random) }
}
