import type { Finding } from './findings.ts'

/** How often the line with this key may occur in the repository. */
export type Baseline = ReadonlyMap<string, number>

export const countKeys = (findings: readonly Finding[]): Baseline => {
  const counts = new Map<string, number>()
  for (const { key } of findings) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Findings that the baseline does not list. Of a line that occurs too often, all places: any of them may be the new one. */
export function beyond(baseline: Baseline, findings: readonly Finding[]): readonly Finding[] {
  const counts = countKeys(findings)
  return findings.filter(({ key }) => (counts.get(key) ?? 0) > (baseline.get(key) ?? 0))
}

/** The baseline without what is no longer there. It never grows. */
export function shrunk(baseline: Baseline, findings: readonly Finding[]): Baseline {
  const counts = countKeys(findings)
  return new Map(
    [...baseline].flatMap(([key, allowed]) => {
      const left = Math.min(allowed, counts.get(key) ?? 0)
      return left > 0 ? [[key, left] as const] : []
    }),
  )
}

/** One line for each key, sorted, so that branches which shrink it seldom conflict. */
export const formatBaseline = (baseline: Baseline): string =>
  [...baseline]
    .map(([key, count]) => (count === 1 ? key : `${key} ${count}`))
    .sort()
    .map((line) => `${line}\n`)
    .join('')

export function parseBaseline(text: string): Baseline {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line, at) => {
        const match = /^([0-9a-f]{16})(?: (\d+))?$/.exec(line)
        if (match?.[1] === undefined)
          throw new Error(
            `baseline.txt:${at + 1}: expected 16 hexadecimal digits and a count, got ${JSON.stringify(line)}`,
          )
        return [match[1], Number(match[2] ?? 1)] as const
      }),
  )
}
