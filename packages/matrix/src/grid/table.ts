/** The grid as Markdown, for a README. */
import { count, type MatrixResults, type Result } from './results.ts'

/** `39`, `37 of 39` where some fail; what cannot hold is told below the table. */
function cellText(results: readonly Result[]): string {
  // The run was ended before it.
  if (results.length === 0) return '·'
  const cannot = count(results, 'cannot')
  const passed = count(results, 'passed')
  const asked = results.length - cannot
  return `${passed === asked ? '✓' : '✗'} ${passed}/${asked}${cannot === 0 ? '' : ` (${cannot})`}`
}

export function markdownTable(matrix: MatrixResults): string {
  const { servers, frameworks, cells } = matrix
  const find = (framework: string, server: string): readonly Result[] =>
    cells.find((cell) => cell.framework === framework && cell.server === server)?.results ?? []
  const all = cells.flatMap(({ results }) => results)
  const cannot = count(all, 'cannot')
  const lines = [
    `${count(all, 'passed')} of ${all.length - cannot} pass; ${cannot} cannot hold, for the reasons below.`,
    '',
    `| | ${servers.join(' | ')} |`,
    `|---|${servers.map(() => '---').join('|')}|`,
    ...frameworks.map(
      (framework) => `| ${framework} | ${servers.map((server) => cellText(find(framework, server))).join(' | ')} |`,
    ),
    '',
  ]
  const reasons = Map.groupBy(
    cells.flatMap(({ server, framework, results }) =>
      results.flatMap((result) => (result.verdict === 'cannot' ? [{ server, framework, ...result }] : [])),
    ),
    ({ id, reason }) => `\`${id}\`: ${reason}`,
  )
  if (reasons.size > 0) lines.push('In brackets, what cannot hold:', '')
  for (const [reason, those] of reasons) {
    const frameworksOf = new Set(those.map(({ framework }) => framework))
    const serversOf = new Set(those.map(({ server }) => server))
    const who =
      frameworksOf.size === frameworks.length ? `all on ${[...serversOf].join(', ')}` : [...frameworksOf].join(', ')
    lines.push(`- ${who}, ${reason}`)
  }
  return `${lines.join('\n')}\n`
}
