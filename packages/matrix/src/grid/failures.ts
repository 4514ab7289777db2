/** What fails, for a terminal: of each cell the first thing to look at. */
import { count, type MatrixResults, type Result } from './results.ts'

const SHOWN = 2

export function describeFailures({ cells }: MatrixResults): string {
  const lines = cells.flatMap(({ server, framework, results }) => {
    const failed = results.filter((result) => result.verdict === 'failed')
    if (failed.length === 0) return []
    const more = [
      ...(failed.length > SHOWN ? [`${failed.length - SHOWN} more fail`] : []),
      ...(count(results, 'blocked') > 0 ? [`${count(results, 'blocked')} are blocked`] : []),
    ]
    return [
      `${framework} on ${server}`,
      ...failed.slice(0, SHOWN).flatMap(describe),
      ...(more.length > 0 ? [`  ${more.join(', ')}`] : []),
    ]
  })
  return lines.map((line) => `${line}\n`).join('')
}

function describe({ id, title, clause, failure }: Result): string[] {
  if (failure === undefined) return []
  const { expected, got, again } = failure
  return [
    `  ${id}: ${title} (${clause})`,
    `    expected  ${expected}`,
    `    got       ${got}`,
    ...(again === '' ? [] : [`    again     ${again}`]),
  ]
}
