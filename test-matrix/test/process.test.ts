import { describeServerCells } from './cells.ts'

describeServerCells('process')
