/** `tsgi bench` and `tsgi bench compare`, once their arguments have been read. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { compareReports, comparisonText } from '../compare/compare-reports.ts'
import { InputError } from '../input-error.ts'
import { readResult } from '../read-result.ts'
import { htmlReport } from '../report/html.ts'
import { terminalReport } from '../report/terminal.ts'
import type { BenchResult } from '../result.ts'
import type { BenchOptions } from '../running/plan.ts'
import { runBench, type BenchOutput } from '../running/run-bench.ts'

export interface BenchFlags extends Omit<BenchOptions, 'signal'> {
  /** Files to write. */
  readonly json?: string | undefined
  readonly html?: string | undefined
  /** A former result, or its report: nothing is measured, it is shown again. */
  readonly from?: string | undefined
}

export interface BenchTerminal {
  out(text: string): void
  /** Progress and notes. */
  error(text: string): void
  /** Whether a line of progress can be written over. */
  readonly live: boolean
}

const OK = 0
const NOTHING = 1
const REGRESSED = 1
const USAGE = 2
const INTERRUPTED = 130

/**
 * Measures, or takes a former result, and shows it. Ctrl-C ends the measuring; what is finished is shown. A second one ends
 * the process.
 *
 * @returns the exit code: 1 where no pairing has figures, 2 for what cannot be measured
 */
export async function benchCommand(flags: BenchFlags, terminal: BenchTerminal): Promise<number> {
  return await telling(terminal, async () => {
    const result = flags.from === undefined ? await measured(flags, terminal) : await readResult(flags.from)
    terminal.out(terminalReport(result))
    if (flags.json !== undefined) await write(flags.json, `${JSON.stringify(result)}\n`, terminal)
    if (flags.html !== undefined) await write(flags.html, await htmlReport(result), terminal)
    if (result.interrupted && flags.from === undefined) return INTERRUPTED
    return result.rows.some(({ rounds }) => rounds.length > 0) ? OK : NOTHING
  })
}

/**
 * @param threshold share by which a row may cost more
 * @returns the exit code: 1 where one costs more than that
 */
export async function compareCommand(
  files: readonly [string, string],
  threshold: number | undefined,
  terminal: BenchTerminal,
): Promise<number> {
  return await telling(terminal, async () => {
    if (threshold !== undefined && !(threshold > 0)) {
      throw new InputError(`--threshold: expected a share above 0, such as 0.05; came ${threshold}`)
    }
    const [a, b] = await Promise.all([readResult(files[0]), readResult(files[1])])
    const comparison = compareReports(a, b, { threshold })
    terminal.out(comparisonText(comparison))
    return comparison.regressions.length === 0 ? OK : REGRESSED
  })
}

async function measured(flags: BenchFlags, terminal: BenchTerminal): Promise<BenchResult> {
  const interruption = new AbortController()
  let interruptedAt = 0
  const interrupt = (): void => {
    if (interruption.signal.aborted) {
      if (performance.now() - interruptedAt > SAME_INTERRUPT) process.exit(INTERRUPTED)
      return
    }
    interruptedAt = performance.now()
    terminal.error('\ninterrupted: what is finished is shown\n')
    interruption.abort(new Error('interrupted'))
  }
  process.on('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const output: BenchOutput = {
    line: (text) => terminal.error(`${terminal.live ? CLEAR : ''}${text}\n`),
    progress: (text) => void (terminal.live && terminal.error(CLEAR + text)),
  }
  try {
    return await runBench({ ...flags, signal: interruption.signal }, output)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** Milliseconds. Package managers pass on the Ctrl-C that the terminal has sent to all: it comes twice. */
const SAME_INTERRUPT = 500

const CLEAR = '\r\u001B[K'

async function write(file: string, text: string, terminal: BenchTerminal): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw new InputError(`${file} cannot be written: ${(error as Error).message}`)
  }
  terminal.error(`written: ${resolve(file)}\n`)
}

async function telling(terminal: BenchTerminal, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    terminal.error(`tsgi: ${error.message}\n`)
    return USAGE
  }
}
