/** The faults that take their time, caused to this server. */
import { manyReloads, overCapacity, slowBodies } from '@tsgi/faults/rows'
import { subject } from './subject.ts'

overCapacity(subject, 1_000)
slowBodies(subject)
manyReloads(subject)
