import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

describe('frameworks on a process for each connection', () => describeServerCells('process'))
