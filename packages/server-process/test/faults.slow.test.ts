/** The other faults that servers survive, caused to this one. */
import {
  clients,
  clock,
  deaths,
  ends,
  hostileWorkers,
  isolation,
  orphans,
  reloads,
  resources,
  starts,
} from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('the faults that a server survives', () => {
  starts(subject)
  deaths(subject)
  reloads(subject)
  ends(subject)
  isolation(subject)
  hostileWorkers(subject)
  orphans(subject)
  clients(subject)
  resources(subject)
  clock(subject)
})
