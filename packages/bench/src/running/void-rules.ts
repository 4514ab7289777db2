/** When figures do not count. Whoever breaks a rule is named with the figure that broke it. */
import type { CeilingResult } from '../load/held-load.ts'
import type { ClosedLoopResult } from '../load/closed-loop.ts'
import type { PaceResult } from '../load/pace.ts'

export const LEAST_ACHIEVED = 0.99
export const MOST_BUSY = 0.8

const percent = (share: number): string => `${(share * 100).toFixed(share > 0.995 && share < 1 ? 1 : 0)} %`

export function voidCeiling(ceiling: CeilingResult, check: ClosedLoopResult): string[] {
  return [
    ...(ceiling.requests === 0 ? ['no request was answered'] : []),
    ...(ceiling.errors > 0 ? [`${ceiling.errors} errors: ${ceiling.trouble ?? 'unknown'}`] : []),
    ...voidCheck(check),
    ...voidGenerator(ceiling),
  ]
}

/** A load that is a bottleneck itself is what would be measured. */
function voidGenerator({ generatorBusy }: { readonly generatorBusy: number | null }): string[] {
  if (generatorBusy === null || generatorBusy <= MOST_BUSY) return []
  return [`the generator used ${percent(generatorBusy)} of its processor`]
}

export function voidCheck({ wrong, errors, trouble }: ClosedLoopResult): string[] {
  return [
    ...(wrong > 0 ? [`${wrong} wrong answers: ${trouble ?? ''}`] : []),
    ...(errors > 0 ? [`${errors} requests without an answer: ${trouble ?? ''}`] : []),
  ]
}

export function voidPace(paced: PaceResult): string[] {
  const { achieved, offered, errors, wrong, trouble } = paced
  // Of a handful of requests, one that is late is not one in a hundred.
  const missing = Math.round(offered * (1 - achieved))
  return [
    ...(achieved < LEAST_ACHIEVED && missing > 1 ? [`${percent(achieved)} of the offered rate was achieved`] : []),
    ...(wrong > 0 ? [`${wrong} wrong answers: ${trouble ?? ''}`] : []),
    ...(errors > 0 ? [`${errors} requests without an answer: ${trouble ?? ''}`] : []),
    ...voidGenerator(paced),
  ]
}
