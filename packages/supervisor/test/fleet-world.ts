/**
 * A world for a fleet under test: processes that do as they are told, a clock that is moved by hand. Nothing here starts
 * a process.
 */
import { NO_FIGURES, type FromWorker, type Failure } from '../src/channel/messages.ts'
import type { Effect, Event } from '../src/fleet/events.ts'
import { Fleet } from '../src/fleet/fleet.ts'
import { beatInterval, type Plan } from '../src/fleet/plan.ts'
import type { WorkerPhase } from '../src/fleet/worker-record.ts'

export const PLAN: Plan = {
  shape: { kind: 'slots', workers: 2, maxRequests: 0, maxRequestsJitter: 0, maxRss: 0 },
  bootTimeout: 30_000,
  workerTimeout: 30_000,
  graceful: 25_000,
  idleGrace: 5_000,
  shutdownDelay: 0,
}

export interface SimulatedProcess {
  readonly id: number
  readonly slot: number
  readonly generation: number
  /** Does not do as it is told, and says nothing. */
  stuck: boolean
  told: string[]
}

export class World {
  readonly fleet: Fleet
  readonly processes = new Map<number, SimulatedProcess>()
  readonly log: string[] = []
  readonly settled: { tickets: readonly number[]; failure: Failure | null }[] = []
  /** What workers that were told to drain were left, in milliseconds. */
  readonly graces: { readonly graceful: number; readonly idleGrace: number }[] = []
  started: boolean = false
  ended: { cutOff: number; failure: Failure | null } | null = null
  now: number = 0
  /** What a new process does by itself. */
  onSpawn: (process: SimulatedProcess) => void = (process) => this.say(process.id, { type: 'loaded' })
  /** Why no process can be started, when none can. */
  noSpawn: string | null = null
  onRefusal: () => void = () => {}
  /** Whether a process that is told something does it. */
  obedient: boolean = true
  /** Sees every order before it is carried out. */
  onOrder: (order: 'drain' | 'kill', process: SimulatedProcess) => void = () => {}
  readonly #beat: number
  readonly #pending: (() => void)[] = []
  readonly #reaped = new Set<number>()
  #busy = false

  constructor(plan: Partial<Plan> = {}, random: () => number = () => 0.5) {
    const whole = { ...PLAN, ...plan }
    this.#beat = beatInterval(whole)
    this.fleet = new Fleet(whole, random)
  }

  start(): this {
    this.send({ type: 'start' })
    return this
  }

  send(event: Event): void {
    this.#pending.push(() => {
      for (const effect of this.fleet.receive(event, this.now)) this.#carryOut(effect)
    })
    this.#run()
  }

  say(worker: number, message: FromWorker): void {
    this.send({ type: 'said', worker, message })
  }

  exit(worker: number, code: number | null, signal: string | null = null): void {
    if (!this.processes.delete(worker)) return
    this.#reaped.add(worker)
    this.send({ type: 'exited', worker, code, signal })
  }

  /** Time passes, and whoever is not stuck beats. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds
    while (this.now < end) {
      this.now = Math.min(end, this.now + Math.min(this.#beat, this.fleet.wakeIn ?? this.#beat))
      for (const { id, stuck } of this.processes.values())
        if (!stuck) this.say(id, { type: 'beat', figures: NO_FIGURES })
      this.send({ type: 'tick' })
    }
  }

  /** Of those in `phase`: `slot/generation`. */
  in(phase: WorkerPhase): string[] {
    return [...this.fleet.workers].filter((w) => w.phase === phase).map((w) => `${w.slot}/${w.generation}`)
  }

  /** A stuck process carries out its orders. */
  recover(process: SimulatedProcess): void {
    process.stuck = false
    if (process.told.includes('accept')) this.say(process.id, { type: 'accepting' })
    if (!process.told.includes('drain')) return
    this.say(process.id, { type: 'closed' })
    this.finish(process.id)
  }

  worker(slot: number, generation = this.fleet.generation): SimulatedProcess {
    const found = [...this.processes.values()].findLast((p) => p.slot === slot && p.generation === generation)
    if (found === undefined) throw new Error(`no process in slot ${slot} of generation ${generation}`)
    return found
  }

  #run(): void {
    if (this.#busy) return
    this.#busy = true
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) next()
    this.#busy = false
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'spawn': {
        const { worker: id, slot, generation } = effect
        if (this.noSpawn !== null) {
          this.onRefusal()
          return this.send({ type: 'spawn-failed', worker: id, reason: this.noSpawn })
        }
        const process: SimulatedProcess = { id, slot, generation, stuck: false, told: [] }
        this.processes.set(effect.worker, process)
        this.send({ type: 'spawned', worker: effect.worker, pid: 1000 + effect.worker })
        this.onSpawn(process)
        return
      }
      case 'tell': {
        const process = this.processes.get(effect.worker)
        // It may have exited while the fleet was deciding; the fleet will hear of it next.
        if (this.#reaped.has(effect.worker)) return
        if (process === undefined) throw new Error(`told ${effect.message.type} to ${effect.worker}, which is gone`)
        if (effect.message.type === 'drain') {
          const { graceful, idleGrace } = effect.message
          this.graces.push({ graceful, idleGrace })
          this.onOrder('drain', process)
        }
        process.told.push(
          'slot' in effect.message ? `${effect.message.type} ${effect.message.slot}` : effect.message.type,
        )
        if (process.stuck || !this.obedient) return
        if (effect.message.type === 'accept') this.say(process.id, { type: 'accepting' })
        if (effect.message.type === 'drain') {
          this.say(process.id, { type: 'closed' })
          this.finish(process.id)
        }
        return
      }
      case 'interrogate':
        this.processes.get(effect.worker)?.told.push('interrogate')
        return
      case 'kill': {
        const process = this.processes.get(effect.worker)
        if (process === undefined) return
        this.onOrder('kill', process)
        this.exit(effect.worker, null, 'SIGKILL')
        return
      }
      case 'log':
        this.log.push(`${effect.level}: ${effect.message}`)
        return
      case 'started':
        this.started = true
        return
      case 'reloaded':
        this.settled.push({ tickets: effect.tickets, failure: effect.failure })
        return
      case 'ended':
        this.ended = { cutOff: effect.cutOff, failure: effect.failure }
    }
  }

  /** A worker says why it cannot start, and exits. */
  fail(worker: number, failure: Failure): void {
    this.say(worker, { type: 'failed', failure })
    this.exit(worker, 3)
  }

  /** A worker says its last words and exits. */
  finish(worker: number, cutOff = 0): void {
    this.say(worker, { type: 'drained', cutOff, figures: NO_FIGURES })
    this.exit(worker, 0)
  }
}
