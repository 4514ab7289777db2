import { describe } from 'vitest'
import { describeReaders } from './readers.ts'

describe('readers of hostile text', () => describeReaders(true))
