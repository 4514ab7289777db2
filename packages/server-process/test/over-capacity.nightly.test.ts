/** A process for each of a thousand connections, four at a time: a minute of starting processes. */
import { overCapacity } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('faults that take their time', () => {
  overCapacity(subject, 1_000)
})
