/**
 * Generations of workers: asked for, loading, let in, serving, alone.
 *
 *   asked ──▶ loading ──▶ opening ──▶ serving ──▶ alone
 *               │            │
 *               ▼            ▼
 *             failed       failed
 *
 * One that fails while it loads goes as a whole, and the current one goes on. One of which a worker fails while it opens
 * its sockets is let in all the same, since others of it serve already; its reload is told the failure. A reload has
 * succeeded when the new one is alone: when those before it have closed their sockets, so that whoever connects after it
 * reaches the new code.
 *
 * A ticket stands for whoever asked for a reload; several that ask while one is loading share the next.
 */
import type { Failure } from '../channel/messages.ts'
import type { Orders } from './orders.ts'
import type { ShapeRules } from './shape-rules.ts'
import type { WorkerRecord } from './worker-record.ts'

interface Admission {
  readonly generation: number
  readonly tickets: readonly number[]
}

/** How long a reload waits for earlier workers to close their sockets, in milliseconds: one that hangs takes no connection meanwhile either. */
const CLOSING_LIMIT = 2_000

export class Generations {
  /** The one that serves; 0 before the first is let in. */
  current = 0
  readonly #orders: Orders
  #loading: Admission | null = null
  /** Let in, and not all of its sockets are open. */
  #opening: Admission | null = null
  /** It serves, and workers before it may take a connection still. */
  #closing: (Admission & { readonly until: number }) | null = null
  #asked: number[] = []

  constructor(orders: Orders) {
    this.#orders = orders
  }

  /** The one whose workers load. */
  get loading(): number | null {
    return this.#loading?.generation ?? null
  }

  loadFirst(): void {
    this.#loading = { generation: 1, tickets: [] }
  }

  ask(ticket: number): void {
    this.#asked.push(ticket)
  }

  /** Lets the loading generation in, once it is complete and all of it have loaded. */
  letInWhenLoaded(workers: readonly WorkerRecord[], rules: ShapeRules): boolean {
    const admission = this.#loading
    if (admission === null) return false
    const { generation } = admission
    if (rules.missing(workers, generation, false).length > 0) return false
    const own = workers.filter((worker) => worker.generation === generation && worker.phase !== 'ended')
    if (!own.every(({ phase }) => phase === 'loaded')) return false
    this.#loading = null
    this.#opening = admission
    this.current = generation
    for (const worker of own) this.#orders.open(worker)
    for (const worker of workers) {
      const isLate = worker.phase === 'booting' || worker.phase === 'loaded'
      if (worker.generation < generation && isLate) this.#orders.kill(worker, 'replaced by a reload')
    }
    return true
  }

  /** When it wants to be asked again, whatever happens. */
  get deadline(): number | null {
    return this.#closing?.until ?? null
  }

  /** Whether the generation that was let in serves now. */
  welcomeWhenOpen(workers: readonly WorkerRecord[], now: number): boolean {
    const admission = this.#opening
    if (admission === null) return false
    if (workers.some(({ generation, phase }) => generation === admission.generation && phase === 'opening'))
      return false
    this.#opening = null
    this.#closing = { ...admission, until: now + CLOSING_LIMIT }
    return true
  }

  /** Whether now nobody but the generation that was let in takes connections; its reload is answered. */
  settleWhenAlone(workers: readonly WorkerRecord[], now: number): boolean {
    const admission = this.#closing
    if (admission === null) return false
    const mayTake = ({ generation, phase, listens }: WorkerRecord): boolean =>
      generation < admission.generation && phase !== 'ended' && listens
    if (now < admission.until && workers.some(mayTake)) return false
    this.#closing = null
    this.#orders.settle(admission.tickets, null)
    return true
  }

  /** Begins the reload that was asked for, if there is room for one more generation. */
  loadNext(workers: readonly WorkerRecord[], rules: ShapeRules): boolean {
    if (this.#asked.length === 0 || this.#loading !== null || this.#opening !== null || this.#closing !== null)
      return false
    if (workers.filter(({ generation }) => generation < this.current).length > rules.mayFinish) return false
    this.#loading = { generation: this.current + 1, tickets: this.#asked }
    this.#asked = []
    return true
  }

  /** Ends the loading generation, one of whose workers has failed. */
  abort(workers: Iterable<WorkerRecord>, failure: Failure): void {
    const admission = this.#loading
    if (admission === null) return
    this.#loading = null
    for (const worker of workers) {
      if (worker.generation === admission.generation && worker.phase !== 'ended')
        this.#orders.kill(worker, 'its generation does not load')
    }
    this.#orders.settle(admission.tickets, failure)
  }

  /** A worker of the generation that was let in has failed before its sockets were open. */
  failOpening({ generation, acceptingSince }: WorkerRecord, failure: Failure): boolean {
    const admission = this.#opening
    if (admission?.generation !== generation || acceptingSince !== null) return false
    this.#opening = null
    this.#orders.settle(admission.tickets, failure)
    return true
  }

  /** There will be no more of them. */
  end(failure: Failure): void {
    const tickets = [...(this.#loading?.tickets ?? []), ...(this.#opening?.tickets ?? []), ...this.#asked]
    this.#orders.settle(this.#closing?.tickets ?? [], null)
    this.#loading = this.#opening = this.#closing = null
    this.#asked = []
    this.#orders.settle(tickets, failure)
  }
}
