import { describeServerCells } from './cells.ts'

describeServerCells('event-loop')
