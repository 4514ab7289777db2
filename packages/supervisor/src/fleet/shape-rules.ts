/** Where the two shapes of a fleet differ: who is missing, who has been replaced, who is too many. */
import { coverage } from './coverage.ts'
import { type Pool, type Shape, type Slots, TURN_AWAY } from './plan.ts'
import { isStaying, type WorkerRecord } from './worker-record.ts'

export interface ShapeRules {
  /** Slots in which a worker of `generation` should be started. `capped` false: a new generation may exceed the limit for a while. */
  missing(workers: readonly WorkerRecord[], generation: number, capped: boolean): readonly number[]
  /** Those in whose place another accepts. */
  replaced(workers: readonly WorkerRecord[]): readonly WorkerRecord[]
  /** Those of `generation` that are more than wanted. */
  surplus(workers: readonly WorkerRecord[], generation: number): readonly WorkerRecord[]
  /** For each worker that can, the slots whose queues it has to accept from besides its own. */
  coverage(
    workers: readonly WorkerRecord[],
    opened: ReadonlySet<number>,
    isResponsive: (worker: WorkerRecord) => boolean,
  ): ReadonlyMap<WorkerRecord, ReadonlySet<number>>
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
    coverage,
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

function poolRules({ maxProcesses, turnAway }: Pool, spare: number): ShapeRules {
  const serving = (workers: readonly WorkerRecord[]): WorkerRecord[] => workers.filter((w) => w.slot !== TURN_AWAY)
  const waiting = (workers: readonly WorkerRecord[], generation: number): WorkerRecord[] =>
    serving(workers).filter((w) => w.generation === generation && isStaying(w))
  return {
    mayFinish: maxProcesses,
    missing(workers, generation, capped) {
      const room = capped ? maxProcesses - serving(workers).length : Infinity
      const count = Math.max(0, Math.min(spare - waiting(workers, generation).length, room))
      const turner = workers.some((w) => w.slot === TURN_AWAY && w.generation === generation && isStaying(w))
      return [...Array.from({ length: count }, () => 0), ...(turnAway && !turner ? [TURN_AWAY] : [])]
    },
    replaced(workers) {
      const newest = new Map<number, number>()
      for (const { phase, slot, generation } of workers)
        if (phase === 'accepting' || phase === 'serving') newest.set(slot, Math.max(generation, newest.get(slot) ?? 0))
      return workers.filter(({ slot, generation }) => generation < (newest.get(slot) ?? 0))
    },
    surplus: (workers, generation) => waiting(workers, generation).slice(spare),
    coverage(workers) {
      const turners = workers.filter(({ slot, phase }) => slot === TURN_AWAY && phase === 'accepting')
      const processes = serving(workers)
      const full = processes.length >= maxProcesses && !processes.some(isStaying)
      return new Map(turners.map((turner) => [turner, full ? SLOT_0 : NONE]))
    },
  }
}

const SLOT_0: ReadonlySet<number> = new Set([0])
const NONE: ReadonlySet<number> = new Set()
