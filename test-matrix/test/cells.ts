import { fileURLToPath } from 'node:url'
import { describeFramework } from '@tsgi/conformance/vitest'
import { type Cell, cellsOf, findParticipants, frameworkOptions, lineUp } from '@tsgi/matrix'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** The frameworks of the grid on one server, or those of them that `wanted` names. */
export async function describeServerCells(server: string, wanted: (framework: string) => boolean = () => true) {
  const cells = cellsOf(await lineUp(await findParticipants(FOLDER)))
    .filter(isOn(server))
    .filter(({ framework }) => wanted(framework.name))
  if (cells.length === 0) throw new Error(`no server of matrix.config.ts is called ${server}`)
  for (const cell of cells) describeFramework(frameworkOptions(cell))
}

const isOn =
  (server: string) =>
  ({ contender }: Cell): boolean =>
    contender.server.name === server
