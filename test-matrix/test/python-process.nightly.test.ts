import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

describe('frameworks in Python', () => describeServerCells('process', { language: 'python' }))
