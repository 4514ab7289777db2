/** A file for each server, so that two of them run at a time. */
import { describeFramework } from '@tsgi/conformance/vitest'
import { CELLS, frameworkOptions } from '../src/cells.ts'

export function describeServerCells(server: string): void {
  for (const cell of CELLS) if (cell.server.server.name === server) describeFramework(frameworkOptions(cell))
}
