/** Runs all cells, and then the behaviours of the servers beside those of others. */
import { conform, EXERCISES, exercisePath, frameworkSubject, type Outcome, Session, summary } from '@tsgi/conformance'
import { type Cell, cellsOf, type Contender, frameworkOptions, isHost, type Lineup, nameOf } from './cells.ts'
import { type CellResults, count, type MatrixResults, resultOf, type ServerResults } from './grid/results.ts'
import { NODE_HTTP } from './known-frameworks.ts'
import { startOthers } from './others.ts'

export interface RunOptions {
  /** Whether the servers are judged by clause as well, beside those of others that are installed. Default true. */
  readonly clauses?: boolean | undefined
  /** A line for each cell and server that is finished. */
  readonly progress?: ((line: string) => void) | undefined
  /** Ends the run after the exercises that are under way. */
  readonly signal?: AbortSignal | undefined
}

/** Cells that run at a time: most of their time they wait. */
const AT_ONCE = 2

export async function runMatrix(lineup: Lineup, options: RunOptions = {}): Promise<MatrixResults> {
  const { contenders, frameworks } = lineup
  const cells = await runCells(cellsOf(lineup), options)
  return {
    made: new Date().toISOString().slice(0, 10),
    node: process.version,
    servers: contenders.map(({ server }) => server.name),
    hosts: contenders.filter(isHost).map(({ server }) => server.name),
    frameworks: frameworks.map(({ name }) => name),
    versions: Object.fromEntries([
      ...frameworks.map(({ name, version }) => [name, version ?? '']),
      ...contenders.map(({ server, entry }) => [server.name, entry.version ?? '']),
    ]),
    cells,
    conformance: options.clauses === false ? [] : await runConformance(contenders, options),
  }
}

async function runCells(cells: readonly Cell[], { progress, signal }: RunOptions): Promise<CellResults[]> {
  const results: CellResults[] = []
  const waiting = [...cells.entries()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (signal?.aborted === true) return
      const [index, cell] = next
      const done = await runCell(cell, signal)
      if (done.results.length < EXERCISES.length) return
      results[index] = done
      const asked = done.results.length - count(done.results, 'cannot')
      const finished = String(results.filter(Boolean).length).padStart(String(cells.length).length)
      progress?.(`[${finished}/${cells.length}] ${nameOf(cell).padEnd(32)} ${count(done.results, 'passed')}/${asked}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results.filter(Boolean)
}

async function runCell(cell: Cell, signal: AbortSignal | undefined): Promise<CellResults> {
  const session = new Session(frameworkSubject(frameworkOptions(cell)), EXERCISES, exercisePath)
  const outcomes: Outcome[] = []
  try {
    for (const exercise of EXERCISES) {
      if (signal?.aborted === true) break
      outcomes.push(await session.outcome(exercise))
    }
  } finally {
    await session.close()
  }
  const { contender, framework } = cell
  return {
    server: contender.server.name,
    framework: framework.name,
    results: outcomes.map((outcome) => resultOf(outcome)),
  }
}

async function runConformance(
  contenders: readonly Contender[],
  { progress, signal }: RunOptions,
): Promise<ServerResults[]> {
  const others = await startOthers()
  const subjects = [
    // As a reference it stands bare among the others.
    ...contenders
      .filter(({ server }) => server.name !== NODE_HTTP)
      .map(({ server, entry }) => ({ name: server.name, target: server, entry })),
    ...others.map(({ name, url }) => ({ name, target: url, entry: undefined })),
  ]
  const results: ServerResults[] = []
  try {
    for (const { name, target, entry } of subjects) {
      if (signal?.aborted === true) break
      const { options, patience, http2, cannotAsServer: cannot } = entry ?? {}
      const { outcomes, subject } = await conform(target, { options, patience, http2, cannot, signal })
      progress?.(`${name.padEnd(20)} ${summary(outcomes)}`)
      const again = (id: string): string => `tsgi conform ${subject.argument} --only ${id}`
      results.push({ server: name, results: outcomes.map((outcome) => resultOf(outcome, again)) })
    }
  } finally {
    for (const other of others) await other.stop()
  }
  return results
}
