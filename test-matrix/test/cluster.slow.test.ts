import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

describe('frameworks on the cluster', () => describeServerCells('cluster', (framework) => framework !== 'raw TSGI'))
