/** Some of the faults that servers survive (rows of one list for all of them), caused to this one. */
import { clients, deaths, ends, hostileWorkers, isolation, overCapacity, reloads } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('the faults that a server survives', () => {
  deaths(subject)
  reloads(subject)
  ends(subject)
  clients(subject)
  isolation(subject)
  hostileWorkers(subject)
})

describe('faults that take their time', () => {
  overCapacity(subject, 40)
})
