export { type Cell, cellsOf, type Contender, frameworkOptions, type Lineup, lineUp, nameOf } from './cells.ts'
export { tableIn } from './command/markdown-file.ts'
export { matrixCommand, type MatrixFlags, type MatrixTerminal } from './command/matrix-command.ts'
export type { Observe } from './applications/material.ts'
export { type GridCounts, gridCounts, type Tally } from './grid/counts.ts'
export { page } from './grid/page.ts'
export type { CellResults, MatrixResults, Result, ServerResults } from './grid/results.ts'
export { gridSummary, gridTable } from './grid/table.ts'
export { InputError } from './input-error.ts'
export { type OtherServer, startOthers } from './others.ts'
export {
  type Cannot,
  defineMatrix,
  type FrameworkEntry,
  type MatrixConfig,
  type Participants,
  type ServerEntry,
} from './participants.ts'
export { findParticipants, type FindOptions } from './project/find-participants.ts'
export { runMatrix, type RunOptions } from './run-matrix.ts'
