/** The grid as Markdown: whole, and as a summary that fits one screen. */
import type { GridCounts, Tally } from './counts.ts'

/** `✓ 39/39`, `✗ 37/39` where some fail, `✓ 37/37 (2)` where two cannot hold. */
function cellText(tally: Tally | undefined): string {
  // The run was ended before it, or it is no pair of the grid.
  if (tally === undefined) return '·'
  const { passed, asked, cannot } = tally
  const left = Object.keys(cannot).length
  return `${passed === asked ? '✓' : '✗'} ${passed}/${asked}${left === 0 ? '' : ` (${left})`}`
}

/** Both tables, and each reason. */
export const gridTable = (grid: GridCounts): string => text([...tables(grid), ...reasons(grid)])

/** Both tables, without the reasons. */
export const gridSummary = (grid: GridCounts): string => text(tables(grid))

const text = (lines: readonly string[]): string => `${lines.join('\n').trimEnd()}\n`

function tables(grid: GridCounts): string[] {
  const { servers, hosts, frameworks, cells } = grid
  const columns = servers.filter((server) => !hosts.includes(server))
  const cellOf = (framework: string, server: string): string =>
    cellText(cells.find((cell) => cell.framework === framework && cell.server === server))
  const kitOf = (server: string): string => cellText(grid.kit.find((one) => one.server === server))
  const isAsked = columns.some((server) => grid.kit.some((one) => one.server === server))
  const shown = frameworks.filter((framework) =>
    cells.some((cell) => cell.framework === framework && hosts.includes(cell.server)),
  )
  return [
    headline(grid),
    '',
    ...(columns.length === 0
      ? []
      : table(
          ['', ...columns],
          [
            ...frameworks.map((framework) => [framework, ...columns.map((server) => cellOf(framework, server))]),
            ...(isAsked ? [['*kit of servers*', ...columns.map(kitOf)]] : []),
          ],
        )),
    ...(hosts.length === 0
      ? []
      : table(
          ['servers of others', ...shown, '*kit of servers*'],
          hosts.map((host) => [
            [host, grid.versions[host]].filter(Boolean).join(' '),
            ...shown.map((framework) => cellOf(framework, host)),
            kitOf(host),
          ]),
        )),
  ]
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  line(head),
  `|${head.map(() => '---|').join('')}`,
  ...rows.map(line),
  '',
]

const line = (cells: readonly string[]): string =>
  `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`

function headline({ cells }: GridCounts): string {
  const sum = (of: (tally: Tally) => number): number => cells.reduce((total, cell) => total + of(cell), 0)
  const cannot = sum((cell) => Object.keys(cell.cannot).length)
  const passed = `${sum((cell) => cell.passed)} of ${sum((cell) => cell.asked)} pass`
  return cannot === 0 ? `${passed}.` : `${passed}; ${cannot} cannot hold, each with its reason.`
}

interface Excuse {
  readonly id: string
  readonly reason: string
  readonly who: string
}

/** What cannot hold of frameworks, then of each host: of its exercises and of the kit. */
function reasons({ hosts, cells, kit }: GridCounts): string[] {
  const excuses = (tallies: readonly (Tally & { readonly who: string })[]): Excuse[] =>
    tallies.flatMap(({ who, cannot }) => Object.entries(cannot).map(([id, reason]) => ({ id, reason, who })))
  const inGrid = excuses(
    cells.filter(({ server }) => !hosts.includes(server)).map((cell) => ({ ...cell, who: cell.framework })),
  )
  const ofHosts = hosts.flatMap((host) => {
    const own = [...cells, ...kit].filter(({ server }) => server === host)
    const lines = byReason(excuses(own.map((tally) => ({ ...tally, who: '' }))))
    return lines.length === 0 ? [] : [`On ${host}:`, '', ...lines, '']
  })
  return [...(inGrid.length === 0 ? [] : ['In brackets, what cannot hold:', '', ...byReason(inGrid), '']), ...ofHosts]
}

/** One line for each reason, with all that it excuses. */
function byReason(excuses: readonly Excuse[]): string[] {
  const unique = (list: readonly string[]): string[] => [...new Set(list)].filter((one) => one !== '')
  return [...Map.groupBy(excuses, ({ reason }) => reason)].map(([reason, those]) => {
    const who = unique(those.map(({ who }) => who)).join(', ')
    const ids = unique(those.map(({ id }) => `\`${id}\``)).join(', ')
    return `- ${who === '' ? '' : `${who}, `}${ids}: ${reason}`
  })
}
