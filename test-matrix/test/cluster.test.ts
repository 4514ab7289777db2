import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

// The plain application stands for all frameworks here; the others are in the slow tier.
describe('frameworks on the cluster', () =>
  describeServerCells('cluster', { wanted: (framework) => framework === 'raw TSGI' }))
