import { ratioText } from '../report/figures.ts'
import type { Difference, ReportComparison } from './compare-reports.ts'

/** What got slower first, then what got faster, then ties. */
export function comparisonText({ differences, left, regressions, warnings }: ReportComparison): string {
  const of = (verdict: Difference['verdict']) => differences.filter((difference) => difference.verdict === verdict)
  const lines = [...of('slower'), ...of('faster'), ...of('tie'), ...of('too few rounds')].map(
    ({ verdict, label, workload, change, by, regression }) =>
      `${verdict.padEnd(6)}  ${label}, ${workload}: ${ratioText(change)}${by === 'cost' ? ' (by itself, not against another row)' : ''}${regression ? '  REGRESSION' : ''}`,
  )
  return [
    ...warnings.map((warning) => `Not alike: ${warning}`),
    ...(lines.length === 0 ? ['The two runs have no row in common that has figures.'] : lines),
    ...left.map((reason) => `left out: ${reason}`),
    regressions.length === 0 ? 'No regression.' : `${regressions.length} regressed.`,
    '',
  ].join('\n')
}
