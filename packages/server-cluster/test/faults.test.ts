/** The faults that servers survive (rows of one list for all of them), caused to this one. */
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
import { subject } from './subject.ts'

starts(subject)
deaths(subject)
reloads(subject)
ends(subject)
orphans(subject)
clients(subject)
resources(subject)
clock(subject)
isolation(subject)
hostileWorkers(subject)
