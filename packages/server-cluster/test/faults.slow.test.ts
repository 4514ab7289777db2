/** The other faults that servers survive, caused to this one. */
import { clients, clock, ends, orphans, resources, starts } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('the faults that a server survives', () => {
  starts(subject)
  ends(subject)
  orphans(subject)
  clients(subject)
  resources(subject)
  clock(subject)
})
