import { describeServerCells } from './cells.ts'

await describeServerCells('node:http')
