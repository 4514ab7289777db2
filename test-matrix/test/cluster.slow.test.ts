import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

describe('frameworks on the cluster', () =>
  describeServerCells('cluster', { wanted: (framework) => framework !== 'raw TSGI' }))
