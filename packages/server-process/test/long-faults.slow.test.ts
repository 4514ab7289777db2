/** The faults that take their time, caused to this server. */
import { manyReloads, overCapacity, slowBodies } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('faults that take their time', () => {
  overCapacity(subject, 200)
  slowBodies(subject)
  manyReloads(subject)
})
