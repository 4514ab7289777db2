import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

describe('frameworks on node:http', () =>
  describeServerCells('node:http', { wanted: (framework) => framework !== 'raw TSGI' }))
