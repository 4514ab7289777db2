/** A file for each server, so that two of them run at a time. */
import { fileURLToPath } from 'node:url'
import { describeFramework } from '@tsgi/conformance/vitest'
import { type Cell, cellsOf, findParticipants, frameworkOptions, lineUp } from '@tsgi/matrix'

const FOLDER = fileURLToPath(new URL('..', import.meta.url))

export async function describeServerCells(server: string): Promise<void> {
  const cells = cellsOf(await lineUp(await findParticipants(FOLDER))).filter(isOn(server))
  if (cells.length === 0) throw new Error(`no server of matrix.config.ts is called ${server}`)
  for (const cell of cells) describeFramework(frameworkOptions(cell))
}

const isOn =
  (server: string) =>
  ({ contender }: Cell): boolean =>
    contender.server.name === server
