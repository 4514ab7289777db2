import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

// The plain application stands for all frameworks here, and its plain exercises for all: each connection is a process.
describe('frameworks on a process for each connection', () =>
  describeServerCells('process', { wanted: (framework) => framework === 'raw TSGI', level: 1 }))
