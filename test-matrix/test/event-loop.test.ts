import { describe } from 'vitest'
import { describeServerCells, FEW } from './cells.ts'

// A few stand for all frameworks here; the others are in the slow tier.
describe('frameworks on the event loop', () =>
  describeServerCells('event-loop', { wanted: (framework) => FEW.has(framework) }))
