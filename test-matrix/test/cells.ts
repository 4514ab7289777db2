import { fileURLToPath } from 'node:url'
import type { Level } from '@tsgi/conformance'
import { describeFramework } from '@tsgi/conformance/vitest'
import { type Cell, cellsOf, findParticipants, frameworkOptions, lineUp } from '@tsgi/matrix'
import { JAVA_ROW } from '../java/frameworks.ts'
import { PYTHON_ROWS } from '../python/frameworks.ts'
import { RUBY_ROWS } from '../ruby/frameworks.ts'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** Our own plain interface, a framework of ours, one of `node:http` and one of fetch. */
export const FEW: ReadonlySet<string> = new Set(['raw TSGI', 'framework-mini', 'Express', 'Hono'])

export type Language = 'node' | 'python' | 'ruby' | 'java'

export interface Selection {
  /** Default: all frameworks of the language. */
  readonly wanted?: (framework: string) => boolean
  /** Default `node`. */
  readonly language?: Language
  /** Only exercises of this level and those below. Default: all. */
  readonly level?: Level
}

/** The frameworks of the grid on one server. */
export async function describeServerCells(
  server: string,
  { wanted = () => true, language = 'node', level }: Selection = {},
): Promise<void> {
  const participants = await findParticipants(FOLDER)
  // Each server that takes part is a process at once; those of others have files of their own.
  const whole = participants.servers.filter(({ frameworks }) => frameworks === undefined)
  const cells = cellsOf(await lineUp({ ...participants, servers: whole }))
    .filter(isOn(server))
    .filter(({ framework }) => languageOf(framework.name) === language && wanted(framework.name))
  if (cells.length === 0) throw new Error(`no server of matrix.config.ts is called ${server}`)
  for (const cell of cells) describeFramework({ ...frameworkOptions(cell), level })
}

/** Starting another language is slow, so that the rows of each have a file of their own in the slow tier. */
export function languageOf(framework: string): Language {
  if (framework === JAVA_ROW) return 'java'
  if (PYTHON_ROWS.some(({ name }) => name === framework)) return 'python'
  return RUBY_ROWS.some(({ name }) => name === framework) ? 'ruby' : 'node'
}

const isOn =
  (server: string) =>
  ({ contender }: Cell): boolean =>
    contender.server.name === server
