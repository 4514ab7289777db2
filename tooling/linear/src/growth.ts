/**
 * Whether a function's cost grows faster than its input. Measured in processor time of this thread, to which the others on
 * a busy machine add nothing, and over so many runs that the grain of that clock (up to 10 ms) does not matter.
 */

export type Subject = (input: string) => unknown

/** Half of what a head may have by default. */
export const LENGTH = 8 * 1024
/** Four times as long may cost four times as much, and twice that for caches and noise. A square would be 16 times. */
const MOST = 8
/** Less than this for {@link LENGTH} bytes is no square of anything: that is at least 3·10⁷ steps. */
const CHEAP_MS = 4
const LONG_ENOUGH_MS = 40

/** `null`: in proportion. Otherwise how many times as much the input of four times the length costs. */
export async function growthOf(subject: Subject, input: (length: number) => string): Promise<number | null> {
  const long = input(LENGTH)
  for (let attempt = 0; attempt < 3; attempt++) if ((await costOf(subject, long)) < CHEAP_MS) return null
  const short = input(LENGTH / 4)
  let growth = Infinity
  // A collection of garbage may fall into one of them, or the compiler's work; into both it does not.
  for (let attempt = 0; attempt < 2 && growth > MOST; attempt++) {
    const shortest = await meanCostOf(subject, short)
    const longest = await meanCostOf(subject, long)
    if (longest < CHEAP_MS) return null
    growth = Math.min(growth, longest / shortest)
  }
  return growth > MOST ? growth : null
}

async function meanCostOf(subject: Subject, input: string): Promise<number> {
  let spent = 0
  let runs = 0
  for (; spent < LONG_ENOUGH_MS; runs++) spent += await costOf(subject, input)
  return spent / runs
}

async function costOf(subject: Subject, input: string): Promise<number> {
  const before = process.threadCpuUsage()
  await subject(input)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
