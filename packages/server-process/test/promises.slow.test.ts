/** As in `promises.test.ts`, for longer. */
import { promises } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('promises of kept connections, under seeded traffic', () => {
  promises(subject, { seed: Number(process.env['SEED'] ?? 2), rounds: 8 })
})
