import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

// The plain application stands for all frameworks here; the others are in the slow tier.
describe('frameworks on node:http', () =>
  describeServerCells('node:http', { wanted: (framework) => framework === 'raw TSGI' }))
