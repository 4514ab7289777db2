import { fileURLToPath } from 'node:url'
import { describeFramework } from '@tsgi/conformance/vitest'
import { type Cell, cellsOf, findParticipants, frameworkOptions, lineUp } from '@tsgi/matrix'
import { PYTHON_ROWS } from '../python/frameworks.ts'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** The frameworks of the grid on one server, or those of them that `wanted` names; of another language, where they are asked for. */
export async function describeServerCells(
  server: string,
  wanted: (framework: string) => boolean = () => true,
  language: 'node' | 'python' = 'node',
) {
  const cells = cellsOf(await lineUp(await findParticipants(FOLDER)))
    .filter(isOn(server))
    .filter(({ framework }) => isPython(framework.name) === (language === 'python') && wanted(framework.name))
  if (cells.length === 0) throw new Error(`no server of matrix.config.ts is called ${server}`)
  for (const cell of cells) describeFramework(frameworkOptions(cell))
}

/** Starting Python is slow, so that its rows have a file of their own in the slow tier. */
export const isPython = (framework: string): boolean => PYTHON_ROWS.some(({ name }) => name === framework)

const isOn =
  (server: string) =>
  ({ contender }: Cell): boolean =>
    contender.server.name === server
