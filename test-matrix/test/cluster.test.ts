import { describeServerCells } from './cells.ts'

await describeServerCells('cluster')
