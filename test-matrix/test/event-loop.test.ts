import { describeServerCells } from './cells.ts'

await describeServerCells('event-loop')
