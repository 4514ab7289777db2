/** Faults that servers survive (rows of one list for all of them), caused to this one: what the other servers do not show. */
import { overCapacity } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('faults that take their time', () => {
  overCapacity(subject, 40)
})
