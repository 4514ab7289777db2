/** What the parts of a run share. */
import type { Generator } from '../load/generator.ts'
import type { Latency, Round } from '../result.ts'
import type { Subject } from '../subjects/subject.ts'
import type { Workload } from '../workloads/workload.ts'
import type { Placement } from './processors.ts'

export interface Method {
  readonly connections: number
  /** Seconds of load that count, for each row of a round. */
  readonly duration: number
  /** Milliseconds of each warming window, and how many at most. */
  readonly warmWindow: number
  readonly warmWindows: number
  /** Milliseconds at each rate. */
  readonly paceDuration: number
  /** Connections held open under the workload that is idle. */
  readonly idleConnections: number
  /** Milliseconds over which an idle server is watched. */
  readonly idleDuration: number
  readonly wrk: boolean
}

export interface Bench {
  readonly generator: Generator
  readonly placement: Placement
  readonly folder: string
  readonly method: Method
}

/** A row in a round. */
export interface Cell {
  readonly subject: Subject
  readonly workload: Workload
  readonly round: number
  /** Of the inputs. */
  readonly seed: number
}

export interface Measured {
  readonly round: Round
  readonly latencies: readonly Latency[]
}
