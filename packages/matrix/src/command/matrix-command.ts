/** `tsgi matrix`, once its arguments have been read. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { EXERCISE_ROUTES, EXERCISES, SERVER_BEHAVIOURS } from '@tsgi/conformance'
import { cellsOf, lineUp } from '../cells.ts'
import { gridCounts } from '../grid/counts.ts'
import { describeFailures } from '../grid/failures.ts'
import { page } from '../grid/page.ts'
import { count, type MatrixResults } from '../grid/results.ts'
import { gridSummary, gridTable } from '../grid/table.ts'
import { InputError } from '../input-error.ts'
import { findParticipants } from '../project/find-participants.ts'
import { runMatrix } from '../run-matrix.ts'
import { choose, describeLineup } from './choose.ts'
import { requirePlace, writeMarkdown } from './markdown-file.ts'

export interface MatrixFlags {
  readonly config?: string | undefined
  /** Names, or parts of names, of those that take part; default: all. */
  readonly servers?: readonly string[] | undefined
  readonly frameworks?: readonly string[] | undefined
  readonly list?: true | undefined
  /** Print what an exercise application has to answer. */
  readonly routes?: true | undefined
  readonly clauses?: boolean | undefined
  readonly markdown?: readonly string[] | undefined
  /** Files for the tables without the reasons. */
  readonly summary?: readonly string[] | undefined
  readonly html?: string | undefined
  readonly json?: string | undefined
  /** Where the counts go, from which both tables are made. */
  readonly counts?: string | undefined
}

export interface MatrixTerminal {
  out(text: string): void
  /** Progress and notes. */
  error(text: string): void
}

const OK = 0
const FAILED = 1
const USAGE = 2
const INTERRUPTED = 130

/**
 * Runs the matrix of a project, prints the grid and writes it.
 *
 * @param command folder of the command's package, whose servers take part as well
 * @returns the exit code: 1 where a cell fails, 2 for what makes no sense
 */
export async function matrixCommand(flags: MatrixFlags, terminal: MatrixTerminal, command: string): Promise<number> {
  try {
    return await run(flags, terminal, command)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    terminal.error(`tsgi: ${error.message}\n`)
    return USAGE
  }
}

async function run(flags: MatrixFlags, terminal: MatrixTerminal, command: string): Promise<number> {
  const cwd = process.cwd()
  if (flags.routes === true) {
    const width = Math.max(...Object.keys(EXERCISE_ROUTES).map((route) => route.length))
    for (const [route, answer] of Object.entries(EXERCISE_ROUTES)) terminal.out(`${route.padEnd(width)}  ${answer}\n`)
    return OK
  }
  const lineup = choose(await lineUp(await findParticipants(cwd, { config: flags.config, command })), flags)
  const { markdown = ['matrix.md'], summary = [], html = 'matrix.html', json, counts } = flags
  const clauses = flags.clauses !== false
  if (flags.list === true) {
    terminal.out(`${describeLineup(lineup)}\n`)
    return OK
  }
  // Before minutes of work.
  for (const file of [...markdown, ...summary]) requirePlace(resolve(cwd, file))
  terminal.error(`${describeLineup(lineup)}\n`)
  terminal.error(
    `${cellsOf(lineup).length} cells of ${EXERCISES.length} exercises` +
      `${clauses ? `, then ${SERVER_BEHAVIOURS.length} behaviours of servers` : ''}\n`,
  )
  const interruption = interruptible(terminal)
  let matrix: MatrixResults
  try {
    matrix = await runMatrix(lineup, {
      clauses,
      progress: (line) => terminal.error(`${line}\n`),
      signal: interruption.signal,
    })
  } finally {
    interruption.release()
  }
  const grid = gridCounts(matrix)
  const table = gridTable(grid)
  terminal.out(`\n${table}`)
  const failures = describeFailures(matrix)
  if (failures !== '') terminal.out(`\n${failures}`)
  // A grid with holes replaces none that is whole.
  if (interruption.signal.aborted) return INTERRUPTED
  for (const file of markdown) writeMarkdown(resolve(cwd, file), table)
  for (const file of summary) writeMarkdown(resolve(cwd, file), gridSummary(grid))
  write(resolve(cwd, html), await page(matrix))
  if (json !== undefined) write(resolve(cwd, json), `${JSON.stringify(matrix)}\n`)
  if (counts !== undefined) write(resolve(cwd, counts), `${JSON.stringify(grid, null, 1)}\n`)
  const written = [...markdown, ...summary, html, json, counts].filter((file) => file !== undefined)
  terminal.error(`written: ${written.join(', ')}\n`)
  const fails = matrix.cells.some(({ results }) => count(results, 'failed') + count(results, 'blocked') > 0)
  return fails ? FAILED : OK
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } catch (error) {
    throw new InputError(`${file} cannot be written: ${(error as Error).message}`)
  }
}

/** The first Ctrl-C ends after the exercises that run, and shows what is finished; a second one ends at once. */
function interruptible(terminal: MatrixTerminal): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    terminal.error('interrupted: what is finished is shown, and nothing is written\n')
    controller.abort()
  }
  process.on('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', interrupt)
      process.off('SIGTERM', interrupt)
    },
  }
}
