import { describe } from 'vitest'
import { describeMemoryOf } from './memory-of-bodies.ts'

describe('bodies larger than memory should have to hold', () => describeMemoryOf('node-http'))
