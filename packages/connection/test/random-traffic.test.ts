/** Whatever the cuts and the timing, each response belongs to its request. */
import { describe } from 'vitest'
import { trafficTests } from './traffic/tests.ts'

describe('random traffic', () => trafficTests(1))
