import { promises } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('promises of kept connections, under seeded traffic', () => {
  promises(subject, { seed: 1, rounds: 1 })
})
