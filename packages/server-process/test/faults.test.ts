/** Some of the faults that servers survive (rows of one list for all of them), caused to this one. */
import { isolation, overCapacity } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('the faults that a server survives', () => {
  isolation(subject)
})

describe('faults that take their time', () => {
  overCapacity(subject, 40)
})
