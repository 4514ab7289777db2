/**
 * Faults that servers survive (rows of one list for all of them), caused to this one. Each row is in the quick tier once: those of
 * clients and of the end on the event loop, over capacity on the process server, those of workers here.
 */
import { deaths, hostileWorkers, isolation, reloads } from '@tsgi/faults/rows'
import { describe } from 'vitest'
import { subject } from './subject.ts'

describe('the faults that a server survives', () => {
  deaths(subject)
  reloads(subject)
  isolation(subject)
  hostileWorkers(subject)
})
