/** The runtime takes a longer one for 1 ms. */
const LONGEST = 2 ** 31 - 1

/** A time of any length, `Infinity` too, as a delay in milliseconds that a timer keeps: at most 24.8 days. */
export const timerDelay = (milliseconds: number): number => Math.min(milliseconds, LONGEST)
