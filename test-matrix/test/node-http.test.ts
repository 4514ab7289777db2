import { describeServerCells } from './cells.ts'

describeServerCells('node:http')
