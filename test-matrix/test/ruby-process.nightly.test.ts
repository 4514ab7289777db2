import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

describe('frameworks in Ruby', () => describeServerCells('process', { language: 'ruby' }))
