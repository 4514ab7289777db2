/** `pnpm matrix`: runs all cells and writes the grid. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { conform, EXERCISES, type Outcome, SERVER_BEHAVIOURS, summary } from '@tsgi/conformance'
import type { ServerModule } from '@tsgi/spec/server'
import { type Cell, CELLS, nameOf, openSession } from './cells.ts'
import { startOthers } from './others.ts'
import { page } from './page.ts'
import { FRAMEWORKS, type ServerEntry, SERVERS } from './participants.ts'
import { type CellResults, type MatrixResults, resultOf, type ServerResults } from './results.ts'
import { markdownTable } from './table.ts'

const ROOT = new URL('../', import.meta.url)
const TABLE = new URL('GRID.md', ROOT)
const PAGE = new URL('test-results/grid.html', ROOT)
/** Cells that run at a time: most of their time they wait. */
const AT_ONCE = 2

async function runCell(cell: Cell): Promise<CellResults> {
  const session = openSession(cell)
  const outcomes: Outcome[] = []
  try {
    for (const exercise of EXERCISES) outcomes.push(await session.outcome(exercise))
  } finally {
    await session.close()
  }
  return { server: cell.server.server.name, framework: cell.framework.name, results: outcomes.map(resultOf) }
}

async function runCells(): Promise<CellResults[]> {
  const results: CellResults[] = []
  const waiting = [...CELLS.entries()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, cell] = next
      const done = await runCell(cell)
      results[index] = done
      const passed = done.results.filter(({ verdict }) => verdict === 'passed').length
      const finished = results.filter(Boolean).length
      console.log(
        `[${String(finished).padStart(2)}/${CELLS.length}] ${nameOf(cell).padEnd(32)} ${passed}/${done.results.length}`,
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}

const withOptions = (server: ServerModule, own: ServerEntry['options']): ServerModule => ({
  ...server,
  serve: (app, options) => server.serve(app, { ...options, ...own }),
})

async function runConformance(): Promise<ServerResults[]> {
  const others = await startOthers()
  const subjects = [
    ...SERVERS.filter(({ server }) => server.name !== 'node:http').map(({ server, options, patience }) => ({
      name: server.name,
      patience,
      target: withOptions(server, options),
    })),
    ...others.map(({ name, url }) => ({ name, target: url, patience: 1 })),
  ]
  const results: ServerResults[] = []
  for (const { name, target, patience } of subjects) {
    const { outcomes } = await conform(target, { patience })
    console.log(`${name.padEnd(20)} ${summary(outcomes)}`)
    results.push({ server: name, results: outcomes.map(resultOf) })
  }
  for (const other of others) await other.stop()
  return results
}

console.log(
  `${CELLS.length} cells of ${EXERCISES.length} exercises, then ${SERVER_BEHAVIOURS.length} behaviours of servers`,
)
const matrix: MatrixResults = {
  made: new Date().toISOString().slice(0, 10),
  node: process.version,
  servers: SERVERS.map(({ server }) => server.name),
  frameworks: FRAMEWORKS.map(({ name }) => name),
  cells: await runCells(),
  conformance: await runConformance(),
}
const table = markdownTable(matrix)
await writeFile(TABLE, `<!-- Made by \`pnpm matrix\`. -->\n\n${table}`)
await mkdir(new URL('.', PAGE), { recursive: true })
await writeFile(PAGE, page(matrix, await readFile(new URL('src/page.html', ROOT), 'utf8')))
console.log(`\n${table}\n${fileURLToPath(TABLE)}\n${fileURLToPath(PAGE)}`)
const failed = matrix.cells.some(({ results }) =>
  results.some(({ verdict }) => verdict === 'failed' || verdict === 'blocked'),
)
process.exitCode = failed ? 1 : 0
