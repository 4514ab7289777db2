/** Ends of workers that nobody asked for: kept for the status, and for how long to wait before starting again. */
import { afterEnd, type BackOff, RESTED } from './back-off.ts'
import type { WorkerRecord } from './worker-record.ts'

const KEPT = 20

export interface WorkerEnd {
  readonly worker: number
  readonly slot: number
  readonly pid: number | null
  readonly generation: number
  readonly reason: string
  /** On the fleet's own clock. */
  readonly at: number
}

export class Ends {
  /** Since the start. */
  count = 0
  readonly #latest: WorkerEnd[] = []
  readonly #backOffs = new Map<number, BackOff>()
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  /** Oldest first. */
  get latest(): readonly WorkerEnd[] {
    return this.#latest
  }

  record({ id: worker, slot, pid, generation }: WorkerRecord, reason: string, at: number): void {
    this.count++
    this.#latest.push({ worker, slot, pid, generation, reason, at })
    if (this.#latest.length > KEPT) this.#latest.shift()
  }

  /** Makes the next start in the worker's slot wait, if this is not the first end in a row. */
  postpone(worker: WorkerRecord, now: number): BackOff {
    const lived = worker.acceptingSince === null ? 0 : now - worker.acceptingSince
    const backOff = afterEnd(this.#backOffs.get(worker.slot) ?? RESTED, lived, now, this.#random())
    this.#backOffs.set(worker.slot, backOff)
    return backOff
  }

  /** Makes the next start in the slot wait, through no fault of a worker. */
  defer(slot: number, until: number): void {
    const { ends } = this.#backOffs.get(slot) ?? RESTED
    this.#backOffs.set(slot, { ends, until })
  }

  /** No start in the slot before this moment. */
  postponedUntil(slot: number): number {
    return (this.#backOffs.get(slot) ?? RESTED).until
  }

  /** The next moment at which a postponed start is due. */
  nextAfter(now: number): number {
    let next = Infinity
    for (const { until } of this.#backOffs.values()) if (until > now) next = Math.min(next, until)
    return next
  }

  /** New code deserves a fresh start. */
  forgive(): void {
    this.#backOffs.clear()
  }
}
