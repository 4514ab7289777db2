import type { FleetStatus, WorkerStatus } from '@tsgi/supervisor'

/** The status for people: the whole, each worker, and the latest ends that nobody asked for. */
export function statusTable(status: FleetStatus): string {
  const { generation, phase, age, pid, urls, requests, connections, active, restarts, ends } = status
  const lines = [
    `${phase}, generation ${generation}, pid ${pid}, for ${duration(age)}, on ${urls.join(' ')}`,
    `requests: ${count(requests)}, under way: ${count(active)}, open connections: ${count(connections)}`,
    '',
    ...table(status.workers),
    '',
    `restarts: ${count(restarts)}`,
    ...ends
      .toReversed()
      .map(
        (end) =>
          `  ${duration(end.ago)} ago: worker ${end.worker}${end.pid === null ? '' : ` (pid ${end.pid})`} ${end.reason}`,
      ),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

interface Column {
  readonly title: string
  readonly value: (worker: WorkerStatus) => string
  /** Numbers stand under each other by their end. */
  readonly right?: true
}

const COLUMNS: readonly Column[] = [
  { title: 'worker', value: ({ worker }) => String(worker), right: true },
  { title: 'pid', value: ({ pid }) => (pid === null ? '' : String(pid)), right: true },
  { title: 'generation', value: ({ generation }) => String(generation), right: true },
  { title: 'age', value: ({ age }) => duration(age), right: true },
  { title: 'requests', value: ({ requests }) => count(requests), right: true },
  { title: 'connections', value: ({ connections }) => count(connections), right: true },
  { title: 'memory', value: ({ memory }) => (memory === 0 ? '' : `${Math.round(memory / 2 ** 20)} MiB`), right: true },
  { title: 'state', value: ({ phase, reason }) => (reason === null ? phase : `${phase}: ${reason}`) },
]

function table(workers: readonly WorkerStatus[]): readonly string[] {
  const rows = [
    COLUMNS.map(({ title }) => title),
    ...workers.map((worker) => COLUMNS.map(({ value }) => value(worker))),
  ]
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  return rows.map((row) =>
    row
      .map((cell, i) => (COLUMNS[i]?.right === true ? cell.padStart(widths[i] as number) : cell))
      .join('  ')
      .trimEnd(),
  )
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** The two largest units: `3 h 12 min`. */
function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const first = UNITS.findIndex(([, size]) => seconds >= size)
  if (first < 0) return '0 s'
  let rest = seconds
  const parts: string[] = []
  for (const [unit, size] of UNITS.slice(first, first + 2)) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)} ${unit}`)
    rest %= size
  }
  return parts.join(' ')
}

const count = (number: number) => number.toLocaleString('en')
