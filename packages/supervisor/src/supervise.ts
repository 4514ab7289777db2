/** A fleet's hands: starts the processes, keeps the time, carries the messages. What is done is decided in `fleet/`. */
import { DEFAULT_BACKLOG, DEFAULT_TARGETS, type Listeners, openListeners, urlOf } from '@tsgi/listeners'
import {
  type AccessRecord,
  type Address,
  type CloseOptions,
  type CloseResult,
  type Json,
  type ListenTarget,
  type Logger,
  type Metric,
  type RunningServer,
  ServeError,
  type ServerStats,
  timerDelay,
} from '@tsgi/spec/server'
import type {
  CoverOrder,
  ErrorText,
  Failure,
  FromWorker,
  MetricsOrder,
  ToWorker,
  WorkerInit,
} from './channel/messages.ts'
import { WorkerLink } from './channel/worker-link.ts'
import { CompiledCode } from './compiled-code.ts'
import type { Effect, Event } from './fleet/events.ts'
import { Fleet } from './fleet/fleet.ts'
import { beatInterval, type Plan, TURN_AWAY } from './fleet/plan.ts'
import { FleetMetrics } from './fleet-metrics.ts'
import type { Identity } from './identity.ts'
import { launch, type Program } from './launch.ts'
import { orphanGuard } from './orphan-guard.ts'
import { type FleetStatus, statusOf, totalsOf } from './status.ts'

export interface SuperviseOptions {
  /** The worker's program; it calls `runWorker`. */
  readonly program: URL
  /** For the program, as it needs them. A function is called for each process that starts. */
  readonly settings: Json | (() => Json)
  /** Where settings change while the server runs. */
  readonly renewal?: Renewal | null | undefined
  readonly plan: Plan
  /** Default 127.0.0.1:3000. */
  readonly listen?: readonly ListenTarget[] | undefined
  /** Length of the kernel's queue of new connections. Default 2048. */
  readonly backlog?: number | undefined
  readonly log: Logger
  readonly access?: ((record: AccessRecord) => void) | undefined
  /** Whether to collect metrics. Default false. */
  readonly metrics?: boolean | undefined
  /** For Node, before the program. */
  readonly nodeFlags?: readonly string[] | undefined
  readonly identity?: Identity | null | undefined
}

/** Settings that change while the server runs, such as certificates. */
export interface Renewal {
  /** Looks for changes now: before an application is loaded again. */
  refresh(): Promise<void>
  /** `changed` is called when the processes that run should have other settings. */
  onChange(changed: () => void): void
  close(): void
}

/** A running server whose work is done by supervised processes. */
export interface SupervisedServer extends RunningServer {
  /**
   * Loads the application anew in new processes, and lets the old ones finish. Rejects with the cause when it does not load; the
   * old ones then keep serving.
   */
  reload(): Promise<void>
  /** How many workers, or warm processes, there are to be. */
  scale(to: number): void
  /** What `scale` was last told. */
  readonly size: number
  status(): Promise<FleetStatus>
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<CloseResult>
}

const REPORT_PATIENCE = 250
/** For a worker to say whether it is ready, which it asks its application; in milliseconds. */
const READY_PATIENCE = 1_500

/**
 * Binds the addresses, starts the workers, and resolves when they accept.
 *
 * @throws ServeError `TSGI_ERR_BIND`, or what the workers failed with; no process and no socket is left then
 */
export async function supervise(options: SuperviseOptions): Promise<SupervisedServer> {
  const targets = options.listen ?? DEFAULT_TARGETS
  const listeners = await openListeners(targets, options.plan.shape.kind === 'slots').catch((error: unknown) => {
    options.renewal?.close()
    throw error
  })
  const supervisor = new Supervisor({ ...options, listen: targets }, listeners)
  await supervisor.start()
  return supervisor
}

type PlacedOptions = SuperviseOptions & { readonly listen: readonly ListenTarget[] }

class Supervisor implements SupervisedServer {
  readonly addresses: readonly Address[]
  readonly urls: readonly string[]
  readonly #options: PlacedOptions
  readonly #listeners: Listeners
  readonly #program: Program
  readonly #fleet: Fleet
  readonly #beat: number
  /** Where processes come and go all the time. */
  readonly #code: CompiledCode | null
  readonly #metrics: FleetMetrics | null
  readonly #links = new Map<number, WorkerLink>()
  readonly #started = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<CloseResult>()
  readonly #reloads = new Map<number, PromiseWithResolvers<void>>()
  /** Called with each answer to a question that all workers were asked. */
  readonly #answers = {
    beat: new Set<(worker: number) => void>(),
    metrics: new Set<(worker: number) => void>(),
    ready: new Set<(worker: number, ready: boolean) => void>(),
  }
  readonly #events: Event[] = []
  #busy = false
  #stopping = false
  #lastTicket = 0
  #timer: NodeJS.Timeout | null = null

  constructor(options: PlacedOptions, listeners: Listeners) {
    const { program: file, nodeFlags = [], identity = null, plan } = options
    this.#options = options
    this.#listeners = listeners
    this.addresses = listeners.addresses
    this.urls = listeners.addresses.map((address, index) => urlOf(address, options.listen[index]))
    this.#program = { file, nodeFlags, identity }
    this.#fleet = new Fleet(plan)
    this.#beat = beatInterval(plan)
    this.#metrics = options.metrics === true ? new FleetMetrics() : null
    this.#code = plan.shape.kind === 'pool' ? new CompiledCode() : null
    options.renewal?.onChange(() => this.#renew())
  }

  start(): Promise<void> {
    this.#happen({ type: 'start' })
    return this.#started.promise
  }

  get ended(): Promise<CloseResult> {
    return this.#ended.promise
  }

  get size(): number {
    return this.#fleet.size
  }

  reload(): Promise<void> {
    const { renewal } = this.#options
    return renewal ? renewal.refresh().then(() => this.#reload()) : this.#reload()
  }

  #reload(): Promise<void> {
    const ticket = ++this.#lastTicket
    const reload = Promise.withResolvers<void>()
    if (this.#fleet.phase === 'ended') reload.reject(new ServeError('TSGI_ERR_STARTUP', 'the server has ended'))
    else this.#reloads.set(ticket, reload)
    this.#happen({ type: 'reload', ticket })
    return reload.promise
  }

  /** Processes that start from now on have the newer settings anyway. */
  #renew(): void {
    const settings = this.#settings
    for (const link of this.#links.values()) link.send({ type: 'renew', settings })
  }

  get #settings(): Json {
    const { settings } = this.#options
    return typeof settings === 'function' ? settings() : settings
  }

  scale(to: number): void {
    const { shape } = this.#options.plan
    const most = shape.kind === 'pool' ? shape.maxProcesses : Infinity
    if (!Number.isInteger(to) || to < 1 || to > most) {
      const range = most === Infinity ? 'a whole number from 1' : `a whole number from 1 to ${most} (--max-processes)`
      throw new ServeError('TSGI_ERR_OPTION', `cannot scale to ${to}: expected ${range}`)
    }
    this.#happen({ type: 'scale', to })
  }

  stats(): ServerStats {
    return totalsOf(this.#fleet)
  }

  async status(): Promise<FleetStatus> {
    await this.#ask('beat')
    return statusOf(this.#fleet, this.urls)
  }

  /** One worker that is ready is enough; one that does not answer in time is not. */
  async ready(): Promise<boolean> {
    if (this.#stopping || this.#fleet.phase === 'starting' || this.#fleet.phase === 'ended') return false
    const asked = [...this.#fleet.workers].filter(({ phase }) => phase === 'accepting' || phase === 'serving')
    const { promise, resolve } = Promise.withResolvers<boolean>()
    let left = asked.length
    const answer = (_worker: number, ready: boolean): void => {
      if (ready) resolve(true)
      else if (--left === 0) resolve(false)
    }
    if (left === 0) return false
    this.#answers.ready.add(answer)
    const timer = setTimeout(resolve, READY_PATIENCE, false)
    for (const { id } of asked) this.#tell(id, { type: 'probe' })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#answers.ready.delete(answer)
    }
  }

  announceStop(): void {
    this.#stopping = true
    for (const link of this.#links.values()) link.send({ type: 'stopping' })
  }

  get metrics(): (() => Promise<readonly Metric[]>) | undefined {
    const metrics = this.#metrics
    if (metrics === null) return undefined
    return async () => {
      await this.#ask('metrics')
      return metrics.collect(this.#fleet)
    }
  }

  close({ graceful }: CloseOptions = {}): Promise<CloseResult> {
    this.announceStop()
    this.#happen({ type: 'stop', graceful: graceful === undefined ? undefined : timerDelay(graceful) })
    return this.#ended.promise
  }

  /** Events are taken one after the other, also those that carrying out an effect gives rise to. */
  #happen(event: Event): void {
    this.#events.push(event)
    if (this.#busy) return
    this.#busy = true
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      for (const effect of this.#fleet.receive(next, performance.now())) this.#carryOut(effect)
    }
    this.#busy = false
    this.#setTimer()
  }

  #setTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    const { wakeIn } = this.#fleet
    this.#timer = wakeIn === null ? null : setTimeout(() => this.#happen({ type: 'tick' }), timerDelay(wakeIn))
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'spawn':
        return this.#spawn(effect)
      case 'tell':
        return this.#tell(effect.worker, effect.message)
      case 'interrogate':
        this.#links.get(effect.worker)?.kill('SIGINT')
        return
      case 'kill':
        this.#links.get(effect.worker)?.kill('SIGKILL')
        return
      case 'log':
        return this.#options.log(effect.level, effect.message, effect.fields)
      case 'started':
        return this.#started.resolve()
      case 'reloaded':
        return this.#settleReloads(effect.tickets, effect.failure)
      case 'ended':
        this.#listeners.close()
        this.#options.renewal?.close()
        this.#code?.close()
        this.#metrics?.stop()
        if (effect.failure !== null) this.#started.reject(errorOf(effect.failure))
        return this.#ended.resolve({ cutOff: effect.cutOff })
    }
  }

  #settleReloads(tickets: readonly number[], failure: Failure | null): void {
    for (const ticket of tickets) {
      const reload = this.#reloads.get(ticket)
      this.#reloads.delete(ticket)
      if (failure === null) reload?.resolve()
      else reload?.reject(errorOf(failure))
    }
  }

  #spawn({ worker, slot, generation }: Extract<Effect, { type: 'spawn' }>): void {
    const fail = (error: unknown): void =>
      this.#happen({ type: 'spawn-failed', worker, reason: error instanceof Error ? error.message : String(error) })
    let launched
    try {
      launched = launch(this.#program, {
        listening: this.#inherits(slot) ? this.#listeners.descriptors(slot) : [],
        takesSockets: this.#covers(slot),
        code: this.#code?.file ?? null,
      })
    } catch (error) {
      return fail(error)
    }
    const { child, descriptors } = launched
    if (child.pid === undefined) {
      child.once('error', fail)
      return
    }
    child.on('error', (error) => this.#options.log('warn', `worker ${worker}: ${error.message}`))
    const link = new WorkerLink(child, {
      onMessage: (message) => this.#hear(worker, message),
      onBreach: (reason) => this.#happen({ type: 'broke-protocol', worker, reason }),
      onExit: (code, signal) => {
        this.#links.delete(worker)
        this.#code?.dismiss(worker)
        this.#metrics?.retire(worker)
        this.#happen({ type: 'exited', worker, code, signal })
      },
    })
    this.#links.set(worker, link)
    this.#happen({ type: 'spawned', worker, pid: child.pid })
    const init: WorkerInit = {
      settings: this.#settings,
      worker,
      slot,
      generation,
      listen: this.#options.listen,
      inherited: descriptors,
      backlog: this.#options.backlog ?? DEFAULT_BACKLOG,
      beat: this.#beat,
      watchdog: orphanGuard().watchdog,
      access: this.#options.access !== undefined,
      metrics: this.#metrics === null ? null : this.#measured(slot),
      stopping: this.#stopping,
      wantsCode: this.#code?.ask(worker) === true,
    }
    link.send({ type: 'init', init })
  }

  /** Where processes come and go all the time, a name for each would be a series for each. */
  #measured(slot: number): MetricsOrder {
    const lasts = this.#options.plan.shape.kind === 'slots'
    return { worker: lasts ? String(slot) : 'connection', watches: lasts }
  }

  #inherits(slot: number): boolean {
    return this.#options.plan.shape.kind === 'slots' || slot !== TURN_AWAY
  }

  /** Whether it may have to accept from the queues of others. */
  #covers(slot: number): boolean {
    return this.#options.plan.shape.kind === 'slots' || slot === TURN_AWAY
  }

  #tell(worker: number, message: ToWorker | CoverOrder): void {
    const link = this.#links.get(worker)
    if (message.type === 'uncover') link?.sendSocket(message)
    else if (message.type !== 'cover') link?.send(message)
    else this.#cover(link, message.slot)
  }

  #cover(link: WorkerLink | undefined, slot: number): void {
    for (const [target, queue] of this.#listeners.handles(slot).entries()) {
      if (queue !== null) link?.sendSocket({ type: 'cover', slot, target }, queue)
    }
  }

  #hear(worker: number, message: FromWorker): void {
    if (message.type === 'log') {
      const { error, ...fields } = message.fields
      this.#options.log(message.level, message.message, {
        ...fields,
        ...(error === undefined ? {} : { error: typeof error === 'string' ? error : revive(error) }),
        worker,
        pid: this.#links.get(worker)?.pid,
      })
    } else if (message.type === 'access') this.#record(message)
    else if (message.type === 'ready') for (const answer of this.#answers.ready) answer(worker, message.ready)
    else if (message.type === 'metrics') {
      this.#metrics?.keep(worker, message.metrics)
      for (const answer of this.#answers.metrics) answer(worker)
    } else if (message.type === 'code') {
      if (this.#code?.keep(worker, message.code) !== true)
        this.#happen({ type: 'broke-protocol', worker, reason: 'expected no compiled code from it' })
    } else {
      if (message.type === 'loaded') this.#code?.dismiss(worker)
      this.#happen({ type: 'said', worker, message })
      if (message.type === 'beat') for (const answer of this.#answers.beat) answer(worker)
    }
  }

  #record({ records, dropped }: Extract<FromWorker, { type: 'access' }>): void {
    for (const record of records) this.#options.access?.(record)
    if (dropped > 0)
      this.#options.log('warn', `${dropped} access records were dropped: they came faster than they were taken`)
  }

  /** Fresh figures from all who answer in time. */
  async #ask(what: 'beat' | 'metrics'): Promise<void> {
    const awaited = new Set<number>()
    for (const { id, phase } of this.#fleet.workers) if (phase !== 'booting' && phase !== 'ended') awaited.add(id)
    if (awaited.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const answers = this.#answers[what]
    const answer = (worker: number): void => {
      awaited.delete(worker)
      if (awaited.size === 0) resolve()
    }
    answers.add(answer)
    const timer = setTimeout(resolve, REPORT_PATIENCE)
    for (const worker of awaited) this.#tell(worker, { type: what === 'beat' ? 'report' : 'measure' })
    await promise
    clearTimeout(timer)
    answers.delete(answer)
  }
}

function errorOf({ code, message, stack }: Failure): ServeError {
  return new ServeError(code, message, stack === undefined ? undefined : revive({ message, stack }))
}

/** An error that crossed, as an error again. */
function revive({ message, stack }: ErrorText): Error {
  return Object.assign(new Error(message), { stack })
}
