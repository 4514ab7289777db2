/** What can be told about a fleet: for `tsgi status`, and for who wants to know from within. */
import type { ServerStats } from '@tsgi/spec/server'
import type { Fleet, FleetPhase } from './fleet/fleet.ts'
import type { WorkerPhase } from './fleet/worker-record.ts'

/** Durations in milliseconds, sizes in bytes. */
export interface FleetStatus extends ServerStats {
  readonly pid: number
  readonly urls: readonly string[]
  readonly phase: FleetPhase
  readonly generation: number
  /** Workers, or warm processes, that there are to be. */
  readonly size: number
  readonly age: number
  readonly workers: readonly WorkerStatus[]
  /** Ends that nobody asked for, since the start. */
  readonly restarts: number
  /** The latest of them, oldest first. */
  readonly ends: readonly EndStatus[]
}

export interface WorkerStatus extends ServerStats {
  readonly worker: number
  readonly slot: number
  readonly pid: number | null
  readonly generation: number
  readonly phase: WorkerPhase
  readonly age: number
  readonly memory: number
  /** Since it was last heard. */
  readonly silent: number
  /** Why it goes, where it does. */
  readonly reason: string | null
}

export interface EndStatus {
  readonly worker: number
  readonly slot: number
  readonly pid: number | null
  readonly generation: number
  readonly reason: string
  /** How long ago. */
  readonly ago: number
}

/** Of all workers, those that are gone included. */
export function totalsOf(fleet: Fleet): ServerStats {
  const sum = { connections: 0, active: 0, ...fleet.retired }
  for (const { figures } of fleet.workers) {
    sum.connections += figures.connections
    sum.active += figures.active
    sum.requests += figures.requests
    sum.accepted += figures.accepted
  }
  return sum
}

export function statusOf(fleet: Fleet, urls: readonly string[]): FleetStatus {
  const { now } = fleet
  const workers = [...fleet.workers].map((worker): WorkerStatus => {
    const { rss, ...counts } = worker.figures
    return {
      worker: worker.id,
      slot: worker.slot,
      pid: worker.pid,
      generation: worker.generation,
      phase: worker.phase,
      age: Math.round(now - worker.spawnedAt),
      silent: Math.round(now - worker.heard),
      reason: worker.reason ?? worker.spent,
      memory: rss,
      ...counts,
    }
  })
  return {
    ...totalsOf(fleet),
    pid: process.pid,
    urls,
    phase: fleet.phase,
    generation: fleet.generation,
    size: fleet.size,
    age: Math.round(now),
    workers,
    restarts: fleet.restarts,
    ends: fleet.ends.map(({ at, ...end }) => ({ ...end, ago: Math.round(now - at) })),
  }
}
