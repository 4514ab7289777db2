/** What is done to workers: each order changes the record and says what the fleet's hands have to do. */
import type { CoverOrder, Failure, ToWorker } from '../channel/messages.ts'
import type { AwakeClock } from './awake-clock.ts'
import type { Effect, LogFields } from './events.ts'
import type { WorkerRecord } from './worker-record.ts'

/** Beyond the graceful limit: for a worker to cut off what is left and to say that it has, in milliseconds. */
export const DRAIN_MARGIN = 2_500
/** Beyond that: for the application's `shutdown`, in milliseconds. */
export const SHUTDOWN_MARGIN = 2_000
/** What is left to workers when there is no grace, in milliseconds. */
export const HURRY = 300
/** For a worker that hangs to say where, in milliseconds. */
export const LAST_WORDS = 500
/** From a worker's last words to its exit, in milliseconds. */
export const EXIT_MARGIN = 1_000

export class Orders {
  readonly #clock: AwakeClock
  readonly #bootTimeout: number
  #effects: Effect[] = []

  constructor(clock: AwakeClock, bootTimeout: number) {
    this.#clock = clock
    this.#bootTimeout = bootTimeout
  }

  /** All that was ordered since the last time. */
  take(): readonly Effect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }

  add(effect: Effect): void {
    this.#effects.push(effect)
  }

  spawn({ id: worker, slot, generation }: WorkerRecord): void {
    this.add({ type: 'spawn', worker, slot, generation })
  }

  open(worker: WorkerRecord): void {
    worker.phase = 'opening'
    worker.listens = true
    worker.heard = this.#clock.now
    worker.deadline = this.bootDeadline
    this.tell(worker, { type: 'accept' })
  }

  /** @param graceful milliseconds for responses in flight @param idleGrace milliseconds for idle connections */
  drain(worker: WorkerRecord, reason: string, graceful: number, idleGrace: number): void {
    worker.phase = 'draining'
    worker.reason = reason
    worker.drainedAt = this.#clock.now
    worker.isHurried = graceful === 0
    worker.deadline = this.#clock.now + (graceful === 0 ? HURRY : graceful + DRAIN_MARGIN)
    this.tell(worker, { type: 'drain', graceful, idleGrace: Math.min(idleGrace, graceful) })
  }

  /** It has said its last words. */
  expectExit(worker: WorkerRecord, margin: number): void {
    worker.phase = 'ended'
    worker.deadline = (worker.deadline ?? this.#clock.now) + margin
  }

  /** Lets a worker that hangs say on its standard error where it is; it is killed soon after. */
  interrogate(worker: WorkerRecord, reason: string): void {
    worker.phase = 'ended'
    worker.reason = reason
    worker.deadline = this.#clock.now + LAST_WORDS
    this.add({ type: 'interrogate', worker: worker.id })
  }

  kill(worker: WorkerRecord, reason: string): void {
    worker.phase = 'ended'
    worker.reason = reason
    worker.deadline = null
    this.add({ type: 'kill', worker: worker.id })
  }

  tell({ id: worker }: WorkerRecord, message: ToWorker | CoverOrder): void {
    this.add({ type: 'tell', worker, message })
  }

  settle(tickets: readonly number[], failure: Failure | null): void {
    if (tickets.length > 0) this.add({ type: 'reloaded', tickets, failure })
  }

  log(level: 'info' | 'warn' | 'error', message: string, worker?: WorkerRecord): void {
    this.add({ type: 'log', level, message, fields: worker === undefined ? {} : fieldsOf(worker) })
  }

  get bootDeadline(): number | null {
    return this.#bootTimeout === 0 ? null : this.#clock.now + this.#bootTimeout
  }
}

function fieldsOf({ id: worker, slot, generation, pid }: WorkerRecord): LogFields {
  return pid === null ? { worker, slot, generation } : { worker, slot, generation, pid }
}
