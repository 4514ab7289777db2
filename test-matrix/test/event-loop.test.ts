import { describe } from 'vitest'
import { describeServerCells } from './cells.ts'

describe('frameworks on the event loop', () => describeServerCells('event-loop'))
