/** Where the two shapes of a fleet differ: who is missing, who has been replaced, who is too many. */
import type { Pool, Shape, Slots } from './plan.ts'
import { isStaying, type WorkerRecord } from './worker-record.ts'

export interface ShapeRules {
  /** Slots in which a worker of `generation` should be started. `capped` false: a new generation may exceed the limit for a while. */
  missing(workers: readonly WorkerRecord[], generation: number, capped: boolean): readonly number[]
  /** Those in whose place another accepts. */
  replaced(workers: readonly WorkerRecord[]): readonly WorkerRecord[]
  /** Those of `generation` that are more than wanted. */
  surplus(workers: readonly WorkerRecord[], generation: number): readonly WorkerRecord[]
  /** How many workers of earlier generations may still be finishing when another reload begins. */
  readonly mayFinish: number
}

/** @param size slots, or warm processes, as of the last scaling */
export function rulesOf(shape: Shape, size: number): ShapeRules {
  return shape.kind === 'slots' ? slotRules(size) : poolRules(shape, size)
}

export function initialSize(shape: Shape): number {
  return shape.kind === 'slots' ? shape.workers : shape.spare
}

/** Drawn for each worker: after how many requests it is replaced. */
export function requestLimit(shape: Shape, random: number): number {
  return shape.kind === 'slots' && shape.maxRequests > 0
    ? shape.maxRequests + Math.floor(random * (shape.maxRequestsJitter + 1))
    : Infinity
}

/** Why a worker with these figures should be replaced, if it should. */
export function wornOut(shape: Shape, worker: WorkerRecord): string | null {
  if (shape.kind !== 'slots') return null
  if (worker.figures.requests >= worker.requestLimit) return `has answered ${worker.figures.requests} requests`
  return overMemory(shape, worker)
}

function overMemory({ maxRss }: Slots, { figures }: WorkerRecord): string | null {
  if (maxRss === 0 || figures.rss <= maxRss) return null
  return `holds ${Math.round(figures.rss / 2 ** 20)} MiB, over the limit of ${Math.round(maxRss / 2 ** 20)} MiB`
}

function slotRules(size: number): ShapeRules {
  return {
    mayFinish: size,
    missing(workers, generation) {
      const held = new Set(workers.filter((w) => w.generation === generation && isStaying(w)).map((w) => w.slot))
      return Array.from({ length: size }, (_, slot) => slot).filter((slot) => !held.has(slot))
    },
    replaced(workers) {
      const newest = new Map<number, number>()
      for (const { phase, slot, id } of workers)
        if (phase === 'accepting') newest.set(slot, Math.max(id, newest.get(slot) ?? 0))
      return workers.filter(({ slot, id }) => id < (newest.get(slot) ?? 0))
    },
    surplus: (workers, generation) => workers.filter((w) => w.generation === generation && w.slot >= size),
  }
}

function poolRules({ maxProcesses }: Pool, spare: number): ShapeRules {
  return {
    mayFinish: maxProcesses,
    missing(workers, generation, capped) {
      const waiting = workers.filter((w) => w.generation === generation && isStaying(w)).length
      const room = capped ? maxProcesses - workers.length : Infinity
      return Array.from({ length: Math.max(0, Math.min(spare - waiting, room)) }, () => 0)
    },
    replaced(workers) {
      let newest = 0
      for (const { phase, generation } of workers)
        if (phase === 'accepting' || phase === 'serving') newest = Math.max(newest, generation)
      return workers.filter(({ generation }) => generation < newest)
    },
    surplus: (workers, generation) => workers.filter((w) => w.generation === generation && isStaying(w)).slice(spare),
  }
}
