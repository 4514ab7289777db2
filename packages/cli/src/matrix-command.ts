import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { MatrixFlags } from '@tsgi/matrix'
import { optionalPackage } from './optional-package.ts'

export const MATRIX_SUMMARY =
  'Run every framework of a project on every server, with the same exercises; exit code 1 where one fails.'

/** Adds `matrix`. */
export function addMatrix(program: Command, ordered: (flags: MatrixFlags) => void): void {
  program
    .command('matrix')
    .description(MATRIX_SUMMARY)
    .option(
      '-c, --config <file>',
      'who takes part (default: matrix.config.ts where there is one, else what is installed)',
    )
    .option('--servers <name...>', 'these of them')
    .option('--frameworks <name...>', 'these of them')
    .option('--list', 'say who takes part, and run nothing')
    .option('--routes', 'print the routes that an application for the exercises has')
    .option('--no-clauses', 'the grid alone, without the servers by clause')
    .option('--markdown <file...>', 'files for the table: made by this, or with a place for it (default: matrix.md)')
    .option('--summary <file...>', 'files for the table without the reasons')
    .option('--html <file>', 'the page, one file for the browser (default: matrix.html)')
    .option('--json <file>', 'the results, for programs')
    .option('--counts <file>', 'how many pass of each pair, and why others cannot: what the tables are made from')
    .action((flags: MatrixFlags) => ordered(flags))
}

/** @throws UsageError where @tsgi/matrix is not installed */
export async function matrixCommand(flags: MatrixFlags): Promise<number> {
  const matrix = await optionalPackage('@tsgi/matrix', 'matrix', () => import('@tsgi/matrix'))
  const terminal = {
    out: (text: string) => void process.stdout.write(text),
    error: (text: string) => void process.stderr.write(text),
  }
  return await matrix.matrixCommand(flags, terminal, fileURLToPath(new URL('..', import.meta.url)))
}
