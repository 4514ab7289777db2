import { describe } from 'vitest'
import { describeServerCells, FEW } from './cells.ts'

describe('frameworks on the event loop', () =>
  describeServerCells('event-loop', { wanted: (framework) => !FEW.has(framework) }))
