import { fileURLToPath } from 'node:url'
import type { MatrixFlags } from '@tsgi/matrix'
import { optionalPackage } from '../optional-package.ts'
import { defineCommand, option, type TsgiCommand } from './command.ts'

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))

export const matrix: TsgiCommand = defineCommand({
  name: 'matrix',
  summary: 'Run every framework of a project on every server, with the same exercises; exit code 1 where one fails.',
  options: [
    option(
      '-c, --config <file>',
      'who takes part (default: matrix.config.ts where there is one, else what is installed)',
    ),
    option('--servers <name...>', 'these of them'),
    option('--frameworks <name...>', 'these of them'),
    option('--list', 'say who takes part, and run nothing'),
    option('--routes', 'print the routes that an application for the exercises has'),
    option('--no-clauses', 'the grid alone, without the servers by clause'),
    option('--markdown <file...>', 'files for the table: made by this, or with a place for it (default: matrix.md)'),
    option('--summary <file...>', 'files for the table without the reasons'),
    option('--html <file>', 'the page, one file for the browser (default: matrix.html)'),
    option('--json <file>', 'the results, for programs'),
    option('--counts <file>', 'how many pass of each pair, and why others cannot: what the tables are made from'),
  ],
  async run(_args: readonly [], flags: MatrixFlags, context) {
    const { matrixCommand } = await optionalPackage('@tsgi/matrix', 'matrix', () => import('@tsgi/matrix'))
    return await matrixCommand(flags, context, PACKAGE)
  },
})
