import { describeServerCells } from './cells.ts'

describeServerCells('cluster')
