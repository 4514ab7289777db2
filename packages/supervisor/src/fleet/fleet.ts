/**
 * The supervisor's decisions: events in, effects out. It starts no process, sets no timer and reads no clock; who uses it
 * does what it wants done, tells it what happened, and calls it again by {@link Fleet.wakeIn}.
 *
 * Rules
 * - A generation is let in as a whole: its workers load first, and only when all have loaded are they told to accept. One
 *   that fails takes its whole generation with it, and the last one keeps serving. The first generation is no exception,
 *   except that there is none before it: the start has failed.
 * - A worker is told to drain only when another accepts in its place, or when the fleet stops. A reload is answered when
 *   those told so have closed their sockets.
 * - Whoever ends without having been told is replaced, at once or after a back-off.
 * - What writes nonsense to its channel is killed: it may be somebody else who writes there.
 * - What is silent is killed, but only silence while this process itself was awake counts.
 * - Reloads that are asked for while one is loading become one more, since the code may have changed again.
 */
import type { Failure, Figures, FromWorker } from '../channel/messages.ts'
import { AwakeClock } from './awake-clock.ts'
import { Ends, type WorkerEnd } from './ends.ts'
import type { Effect, Event } from './events.ts'
import { Generations } from './generations.ts'
import { EXIT_MARGIN, Orders, SHUTDOWN_MARGIN, DRAIN_MARGIN } from './orders.ts'
import { beatInterval, type Plan } from './plan.ts'
import { Silence } from './silence.ts'
import { exitReason, inSeconds, nameOf } from './wording.ts'
import { initialSize, requestLimit, rulesOf, type ShapeRules, wornOut } from './shape-rules.ts'
import { type EndKind, Tally } from './tally.ts'
import { newWorker, type WorkerRecord } from './worker-record.ts'

/** Between two tries when the system has no process to give, in milliseconds. */
const SPAWN_RETRY = 500
/** Idle connections of a stopping server: a request that is on its way is answered still. Milliseconds. */
const IDLE_GRACE_AT_STOP = 500

export type FleetPhase = 'starting' | 'running' | 'reloading' | 'leaving' | 'stopping' | 'ended'

const STOPPING: Failure = { code: 'TSGI_ERR_STARTUP', message: 'the server is stopping' }

export class Fleet {
  readonly #plan: Plan
  readonly #random: () => number
  readonly #clock: AwakeClock
  readonly #beat: number
  readonly #workers = new Map<number, WorkerRecord>()
  readonly #opened = new Set<number>()
  readonly #orders: Orders
  readonly #generations: Generations
  readonly #silence: Silence
  readonly #ends: Ends
  readonly tally: Tally = new Tally()
  #rules: ShapeRules
  #size: number
  #state: 'starting' | 'running' | 'leaving' | 'stopping' | 'ended' = 'starting'
  #lastId = 0
  #stop: { readonly at: number; readonly graceful: number } | null = null
  #failure: Failure | null = null
  #cutOff = 0
  #starved = false
  #retired = { requests: 0, accepted: 0 }

  /** @param random in [0, 1) */
  constructor(plan: Plan, random: () => number = Math.random) {
    this.#plan = plan
    this.#random = random
    this.#ends = new Ends(random)
    this.#beat = beatInterval(plan)
    this.#clock = new AwakeClock(2 * this.#beat)
    this.#orders = new Orders(this.#clock, plan.bootTimeout)
    this.#generations = new Generations(this.#orders)
    this.#silence = new Silence(this.#clock, plan.workerTimeout)
    this.#size = initialSize(plan.shape)
    this.#rules = rulesOf(plan.shape, this.#size)
  }

  /** @param monotonic milliseconds of a clock that never goes back */
  receive(event: Event, monotonic: number): readonly Effect[] {
    this.#clock.advance(monotonic)
    // By far the most frequent event, and it seldom changes anything.
    if (event.type === 'said' && event.message.type === 'beat' && !this.#onBeat(event.worker, event.message.figures))
      return []
    this.#take(event)
    this.#enforceDeadlines()
    this.#pursue()
    return this.#orders.take()
  }

  /** Whole milliseconds until it wants to be called again, whatever happens; `null` when all is over. */
  get wakeIn(): number | null {
    if (this.#state === 'ended') return null
    const { now } = this.#clock
    let next = now + this.#beat
    const sooner = (moment: number | null): void => {
      if (moment !== null && moment > now) next = Math.min(next, moment)
    }
    for (const worker of this.#workers.values()) {
      sooner(worker.deadline)
      for (const moment of this.#silence.next(worker)) sooner(moment)
    }
    sooner(this.#ends.nextAfter(now))
    sooner(this.#stop?.at ?? null)
    sooner(this.#generations.deadline)
    return Math.ceil(next - now)
  }

  get phase(): FleetPhase {
    return this.#state === 'running' && this.#generations.loading !== null ? 'reloading' : this.#state
  }
  get generation(): number {
    return this.#generations.current
  }
  get size(): number {
    return this.#size
  }
  get workers(): Iterable<Readonly<WorkerRecord>> {
    return this.#workers.values()
  }
  /** Ends that nobody asked for, since the start. */
  get restarts(): number {
    return this.#ends.count
  }
  get ends(): readonly WorkerEnd[] {
    return this.#ends.latest
  }
  /** Counted by workers that are gone. */
  get retired(): { readonly requests: number; readonly accepted: number } {
    return this.#retired
  }
  get now(): number {
    return this.#clock.now
  }

  #take(event: Event): void {
    switch (event.type) {
      case 'start':
        return this.#generations.loadFirst()
      case 'tick':
        return
      case 'spawned':
        return this.#onSpawned(event.worker, event.pid)
      case 'spawn-failed':
        return this.#onSpawnFailed(event.worker, `could not be started: ${event.reason}`)
      case 'said':
        return this.#onSaid(event.worker, event.message)
      case 'broke-protocol':
        return this.#onBreach(event.worker, event.reason)
      case 'exited':
        return this.#onExited(
          event.worker,
          exitReason(event.code, event.signal),
          event.signal === null ? 'exit' : 'signal',
        )
      case 'reload':
        return this.#generations.ask(event.ticket)
      case 'scale':
        this.#size = event.to
        this.#rules = rulesOf(this.#plan.shape, event.to)
        return
      case 'stop':
        return this.#onStop(event.graceful ?? this.#plan.graceful)
    }
  }

  #onSpawned(id: number, pid: number): void {
    const worker = this.#workers.get(id)
    if (worker === undefined) return
    worker.pid = pid
    if (!this.#starved) return
    this.#starved = false
    this.#orders.log('info', 'processes can be started again')
  }

  /** Nothing is wrong with the worker: the system has no process or descriptor to give. Asking costs little, so it is asked steadily. */
  #onSpawnFailed(id: number, reason: string): void {
    const worker = this.#workers.get(id)
    if (worker === undefined) return
    this.#workers.delete(id)
    if (this.#generations.loading === worker.generation) return this.#lose(worker, reason, null, 'boot')
    this.#ends.defer(worker.slot, this.#clock.now + SPAWN_RETRY)
    if (this.#starved) return
    this.#starved = true
    this.#orders.log('error', `a worker ${reason}; it is tried again every ${inSeconds(SPAWN_RETRY)}`)
  }

  #onSaid(id: number, message: FromWorker): void {
    const worker = this.#workers.get(id)
    if (worker === undefined || worker.phase === 'ended') return
    worker.heard = this.#clock.now
    switch (message.type) {
      case 'loaded':
        if (worker.phase !== 'booting') return
        worker.phase = 'loaded'
        worker.deadline = null
        if (worker.generation === this.generation) this.#orders.open(worker)
        return
      case 'failed':
        this.#lose(worker, `could not start: ${message.failure.message}`, message.failure, 'boot')
        return this.#orders.expectExit(worker, EXIT_MARGIN)
      case 'accepting':
        if (worker.phase !== 'opening') return
        worker.phase = 'accepting'
        worker.deadline = null
        worker.acceptingSince = this.#clock.now
        this.#opened.add(worker.slot)
        return
      case 'taken':
        worker.listens = false
        if (worker.phase === 'accepting') worker.phase = 'serving'
        return
      case 'closed':
        worker.listens = false
        return
      case 'leaving':
        return this.#onLeaving(worker, message.reason, message.orderly)
      case 'drained':
        worker.figures = message.figures
        worker.cutOff = message.cutOff
        return this.#orders.expectExit(worker, SHUTDOWN_MARGIN)
      case 'beat':
      case 'ready':
      case 'metrics':
      case 'log':
      case 'access':
      case 'code':
    }
  }

  /** Whether there is something to decide now. */
  #onBeat(id: number, figures: Figures): boolean {
    const worker = this.#workers.get(id)
    if (worker === undefined || worker.phase === 'ended') return false
    const wasSuspect = this.#silence.isSuspect(worker)
    worker.heard = this.#clock.now
    worker.figures = figures
    if (worker.spent !== null || worker.phase !== 'accepting') return wasSuspect
    worker.spent = wornOut(this.#plan.shape, worker)
    if (worker.spent !== null)
      this.#orders.log('info', `${nameOf(worker)} ${worker.spent} and will be replaced`, worker)
    return wasSuspect || worker.spent !== null
  }

  #onLeaving(worker: WorkerRecord, reason: string, orderly: boolean): void {
    worker.listens = false
    switch (worker.phase) {
      case 'booting':
      case 'loaded':
        this.#lose(worker, reason, null, 'uncaught')
        return this.#orders.kill(worker, reason)
      case 'opening':
      case 'accepting':
      case 'serving':
        if (!orderly) this.#note(worker, reason, 'uncaught')
        return this.#orders.drain(worker, reason, this.#plan.graceful, this.#plan.idleGrace)
      case 'draining':
      case 'ended':
    }
  }

  /** Nothing that it reports can be relied on, and another program may be writing in its name: it gets no time to finish. */
  #onBreach(id: number, detail: string): void {
    const worker = this.#workers.get(id)
    if (worker === undefined) return
    const reason = `broke the protocol of its channel (${detail}) and was killed`
    if (worker.phase === 'draining' || worker.phase === 'ended')
      this.#orders.log('error', `${nameOf(worker)} ${reason}`, worker)
    else this.#lose(worker, reason, null, 'protocol')
    this.#orders.kill(worker, reason)
  }

  #onExited(id: number, how: string, kind: EndKind): void {
    const worker = this.#workers.get(id)
    if (worker === undefined) return
    if (worker.phase !== 'ended' && worker.phase !== 'draining') this.#lose(worker, how, null, kind)
    this.#workers.delete(id)
    this.#retired.requests += worker.figures.requests
    this.#retired.accepted += worker.figures.accepted
    if (this.#state === 'stopping') this.#cutOff += worker.cutOff ?? worker.figures.active
  }

  #onStop(graceful: number): void {
    const { now } = this.#clock
    switch (this.#state) {
      case 'starting':
        return this.#fail({ code: 'TSGI_ERR_STARTUP', message: 'the server was stopped before it had started' })
      case 'running':
        this.#state = 'leaving'
        this.#stop = { at: graceful === 0 ? now : now + this.#plan.shutdownDelay, graceful }
        return
      case 'leaving':
        if (graceful === 0) this.#stop = { at: now, graceful }
        return
      case 'stopping':
        if (graceful === 0) this.#hurry()
        return
      case 'ended':
    }
  }

  #enforceDeadlines(): void {
    const { now } = this.#clock
    for (const worker of this.#workers.values()) {
      if (worker.deadline !== null && now >= worker.deadline) this.#onDeadline(worker)
      else if (this.#silence.isTooLong(worker)) this.#onHung(worker)
    }
  }

  #onDeadline(worker: WorkerRecord): void {
    switch (worker.phase) {
      case 'booting':
      case 'opening': {
        const reason = `was not ready within ${inSeconds(this.#plan.bootTimeout)} (--boot-timeout)`
        this.#lose(worker, reason, null, 'boot')
        return this.#orders.kill(worker, reason)
      }
      case 'draining': {
        // One that has said nothing since it was told to drain is stuck in a response.
        const isStuck = worker.heard <= worker.drainedAt
        worker.cutOff ??= Math.max(isStuck ? 1 : 0, worker.figures.active)
        this.#orders.log('warn', `${nameOf(worker)} did not finish in time and is killed`, worker)
        if (isStuck && !worker.isHurried) return this.#orders.interrogate(worker, worker.reason ?? 'stopping')
        return this.#orders.kill(worker, worker.reason ?? 'stopping')
      }
      default:
        return this.#orders.kill(worker, worker.reason ?? 'did not exit')
    }
  }

  #onHung(worker: WorkerRecord): void {
    const reason = `gave no sign of life for ${inSeconds(this.#plan.workerTimeout)} (--worker-timeout) and was killed`
    if (worker.phase !== 'draining') this.#lose(worker, reason, null, 'hang')
    else {
      worker.cutOff ??= Math.max(1, worker.figures.active)
      this.#orders.log('error', `${nameOf(worker)} ${reason}`, worker)
    }
    this.#orders.interrogate(worker, reason)
  }

  /** Does what the present state calls for, whatever led to it. */
  #pursue(): void {
    const { now } = this.#clock
    if (this.#state === 'leaving' && this.#stop !== null && now >= this.#stop.at) this.#beginStop(this.#stop.graceful)
    if (this.#state === 'stopping') return this.#finishStop()
    if (this.#state === 'ended') return
    this.#admit()
    this.#retire()
    if (this.#generations.settleWhenAlone([...this.#workers.values()], now) && this.generation > 1) {
      this.tally.reloads++
      this.#orders.log('info', `reloaded: generation ${this.generation} serves`)
    }
    this.#reload()
    this.#fill()
    this.#cover()
  }

  /** Moves a generation on: from loading, to let in, to serving. */
  #admit(): void {
    const workers = [...this.#workers.values()]
    const { loading } = this.#generations
    if (loading !== null) {
      for (const worker of this.#rules.surplus(workers, loading)) this.#release(worker, 'scaled down', 'scaled')
      // New code deserves a fresh start.
      if (this.#generations.letInWhenLoaded(workers, this.#rules)) this.#ends.forgive()
    }
    if (!this.#generations.welcomeWhenOpen(workers, this.#clock.now) || this.#state !== 'starting') return
    this.#state = 'running'
    this.#orders.add({ type: 'started' })
  }

  #reload(): void {
    if (this.#state === 'running' && this.#generations.loadNext([...this.#workers.values()], this.#rules))
      this.#orders.log('info', `reloading: generation ${this.#generations.loading} is being loaded`)
  }

  /** Lets those go whose work others do now. */
  #retire(): void {
    const workers = [...this.#workers.values()]
    for (const worker of this.#rules.replaced(workers)) {
      if (worker.generation < this.generation) this.#release(worker, 'replaced by a reload', 'reload')
      else this.#release(worker, worker.spent ?? 'replaced', 'recycled')
    }
    for (const worker of this.#rules.surplus(workers, this.generation)) this.#release(worker, 'scaled down', 'scaled')
  }

  #release(worker: WorkerRecord, reason: string, kind: EndKind): void {
    if (worker.phase !== 'draining' && worker.phase !== 'ended') this.tally.ended(kind)
    switch (worker.phase) {
      case 'booting':
      case 'loaded':
        return this.#orders.kill(worker, reason)
      case 'opening':
      case 'accepting':
      case 'serving':
        return this.#orders.drain(worker, reason, this.#plan.graceful, this.#plan.idleGrace)
      case 'draining':
      case 'ended':
    }
  }

  #fill(): void {
    const { loading, current } = this.#generations
    if (loading !== null) {
      for (const slot of this.#rules.missing([...this.#workers.values()], loading, false)) this.#spawn(slot, loading)
    }
    if (current === 0) return
    for (const slot of this.#rules.missing([...this.#workers.values()], current, true)) {
      if (this.#ends.postponedUntil(slot) <= this.#clock.now) this.#spawn(slot, current)
    }
  }

  #cover(): void {
    const workers = [...this.#workers.values()]
    const isResponsive = (worker: WorkerRecord): boolean => !this.#silence.isSuspect(worker)
    for (const [worker, slots] of this.#rules.coverage(workers, this.#opened, isResponsive)) {
      for (const slot of slots) if (!worker.covers.has(slot)) this.#orders.tell(worker, { type: 'cover', slot })
      for (const slot of worker.covers) if (!slots.has(slot)) this.#orders.tell(worker, { type: 'uncover', slot })
      worker.covers = slots
    }
  }

  #spawn(slot: number, generation: number): void {
    const { now } = this.#clock
    const worker = newWorker({
      id: ++this.#lastId,
      slot,
      generation,
      requestLimit: requestLimit(this.#plan.shape, this.#random()),
      spawnedAt: now,
      deadline: this.#orders.bootDeadline,
    })
    this.#workers.set(worker.id, worker)
    this.#orders.spawn(worker)
  }

  /** A worker has ended, or has to, and nobody had asked for it. */
  #lose(worker: WorkerRecord, reason: string, failure: Failure | null, kind: EndKind): void {
    this.#note(worker, reason, kind)
    worker.phase = 'ended'
    worker.reason = reason
    worker.deadline = null
    const startFailure = failure ?? { code: 'TSGI_ERR_STARTUP', message: `a worker ${reason}` }
    if (this.#generations.loading === worker.generation) return this.#abort(startFailure)
    if (this.#generations.failOpening(worker, startFailure) && this.#state === 'starting') this.#fail(startFailure)
  }

  /** Puts an end on record, and postpones the start of whoever takes the place. */
  #note(worker: WorkerRecord, reason: string, kind: EndKind): void {
    // A start or a generation that fails is reported as a whole.
    if (this.#state === 'starting' || this.#generations.loading === worker.generation) return
    const { now } = this.#clock
    this.#ends.record(worker, reason, now)
    this.tally.ended(kind)
    // Nobody waits in the place of one that had its connection.
    if (worker.phase === 'serving') return this.#orders.log('error', `${nameOf(worker)} ${reason}`, worker)
    const { ends, until } = this.#ends.postpone(worker, now)
    const next =
      until === now ? 'another is started' : `${ends} ends in a row, another is started in ${inSeconds(until - now)}`
    this.#orders.log('error', `${nameOf(worker)} ${reason}; ${next}`, worker)
  }

  #abort(failure: Failure): void {
    this.#generations.abort(this.#workers.values(), failure)
    if (this.#state === 'starting') return this.#fail(failure)
    this.tally.failedReloads++
    this.#orders.log('error', `reload failed, generation ${this.generation} keeps serving: ${failure.message}`)
  }

  /** The start has failed. */
  #fail(failure: Failure): void {
    this.#failure = failure
    this.#state = 'stopping'
    this.#generations.end(failure)
    for (const worker of this.#workers.values())
      if (worker.phase !== 'ended') this.#orders.kill(worker, 'the start has failed')
  }

  #beginStop(graceful: number): void {
    this.#state = 'stopping'
    this.#generations.end(STOPPING)
    const deadline = this.#clock.now + graceful + DRAIN_MARGIN
    for (const worker of this.#workers.values()) {
      if (worker.phase === 'booting' || worker.phase === 'loaded') this.#orders.kill(worker, 'stopping')
      else if (worker.phase === 'draining' && graceful > 0) {
        worker.deadline = Math.min(worker.deadline ?? deadline, deadline)
        // What it was told before left idle connections more time.
        this.#orders.tell(worker, { type: 'drain', graceful, idleGrace: IDLE_GRACE_AT_STOP })
      } else if (worker.phase !== 'ended') this.#orders.drain(worker, 'stopping', graceful, IDLE_GRACE_AT_STOP)
    }
  }

  #hurry(): void {
    for (const worker of this.#workers.values())
      if (worker.phase === 'draining') this.#orders.drain(worker, 'stopping', 0, 0)
  }

  #finishStop(): void {
    // Of those who asked meanwhile.
    this.#generations.end(STOPPING)
    if (this.#workers.size > 0) return
    this.#state = 'ended'
    this.#orders.add({ type: 'ended', cutOff: this.#cutOff, failure: this.#failure })
  }
}
