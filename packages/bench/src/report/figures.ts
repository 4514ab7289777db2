/** Figures as people read them, the same everywhere. */
import { LEAST_ROUNDS, type At, type Comparison } from '../statistics/summary.ts'
import type { Estimate } from '../statistics/median.ts'

const NONE = '–'

export const significant = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

/** The interval of a ratio: one figure where it is about even, else both of its ends; none of too few values. */
export function intervalText({ median, low, high, values }: Estimate): string {
  if (values < LEAST_ROUNDS) return `${values} ${values === 1 ? 'round' : 'rounds'}`
  const [below, above] = [median - low, high - median]
  const even = Math.abs(above - below) < 0.015 || Math.max(below, above) <= 2 * Math.min(below, above)
  return even ? `± ${Math.max(below, above).toFixed(2)}` : `${low.toFixed(2)} to ${high.toFixed(2)}`
}

/** A title among other words; `GET /About` and `JSON` keep their letters. */
export const inSentence = (title: string): string =>
  /^[A-Z][a-z ]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title

/** Where a comparison was made, when not at the ceilings. */
export const atText = (at: At): string =>
  at === 'ceiling' ? '' : ` at ${Math.round(at * 100)} % of the slowest ceiling`

export const ratioText = (ratio: Estimate): string => `${ratio.median.toFixed(2)} × (${intervalText(ratio)})`

export const microseconds = (value: number | null): string => {
  if (value === null) return NONE
  return value < 1000 ? `${significant(value)} µs` : `${significant(value / 1000)} ms`
}

export const rateText = (value: number | null): string =>
  value === null ? NONE : Math.round(value).toLocaleString('en')

export function bytesText(value: number | null): string {
  if (value === null) return NONE
  return value < 1024 * 1024 ? `${significant(value / 1024)} KiB` : `${significant(value / 1024 / 1024)} MiB`
}

export const percentText = (value: number | null): string => (value === null ? NONE : `${(value * 100).toFixed(1)} %`)

export const VERDICTS: Readonly<Record<Comparison['verdict'], string>> = {
  less: 'less',
  more: 'MORE',
  tie: 'tie',
  open: 'too few rounds',
}
