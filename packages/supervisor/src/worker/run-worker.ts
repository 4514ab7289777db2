/** The life of a worker: load, accept, serve, drain, exit. What it serves is the program's. */
import { createServer, type Server, type Socket } from 'node:net'
import util, { inspect } from 'node:util'
import { bindError, startListening } from '@tsgi/listeners/inherited'
import { type Json, type ListenTarget, type Logger, ServeError, type ServeErrorCode } from '@tsgi/spec/server'
import type {
  ErrorText,
  Failure,
  Figures,
  SocketOrder,
  ToWorker,
  WorkerInit,
  WorkerLogFields,
} from '../channel/messages.ts'
import { type Channel, openChannel } from '../channel/worker-end.ts'
import { accessBatch } from './access-batch.ts'
import { forgiveOutput } from './forgive-output.ts'
import { type MetricsReport, reportMetrics } from './metrics-report.ts'
import type { ImportModule } from './load-application.ts'
import type { WorkerHost, WorkerProgram, WorkerService } from './service.ts'
import { startWatchdog } from './watchdog.ts'

/** For the responses in flight when the supervisor is gone, in milliseconds. */
const ORPHAN_GRACE = 1_000
const EXIT_FAILED = 3

const IMPORTED: WorkerOrigin = { importModule: (specifier) => import(specifier) }

/** What is meant for the supervisor, which knows what to do, and may be sent to all processes alike. */
const SUPERVISOR_SIGNALS: readonly NodeJS.Signals[] = ['SIGQUIT', 'SIGHUP', 'SIGTTIN', 'SIGTTOU', 'SIGUSR1', 'SIGUSR2']

/** How a worker's program came to be, where that was not by `import`. */
export interface WorkerOrigin {
  readonly importModule: ImportModule
  /** What the engine has compiled of it up to now, in base 64. */
  readonly compiledCode?: () => string
}

/** The program of a worker process, run until it exits. */
export function runWorker(program: WorkerProgram, origin: WorkerOrigin = IMPORTED): void {
  const parent = Number(process.argv[2])
  // It died before the system could be asked to tell.
  if (process.ppid !== parent) process.exit()
  for (const signal of SUPERVISOR_SIGNALS) process.on(signal, () => {})
  // The supervisor's last question to a worker that hangs: the runtime answers it even in an endless loop.
  // Node 22.18 does not have it: there a worker that hangs is killed without its stack.
  util.setTraceSigInt?.(true)
  new WorkerProcess(program, parent, origin).run()
}

class WorkerProcess {
  readonly #program: WorkerProgram
  readonly #parent: number
  readonly #origin: WorkerOrigin
  readonly #channel: Channel
  readonly #listeners = new Map<Server, number | null>()
  #init: WorkerInit | null = null
  #service: WorkerService | null = null
  #metrics: MetricsReport | null = null
  #draining: Promise<void> | null = null
  #flushAccess = (): void => {}
  #droppedLines = 0
  /** Settings that arrived while the service was made. */
  #renewed: Json | null = null

  constructor(program: WorkerProgram, parent: number, origin: WorkerOrigin) {
    this.#program = program
    this.#parent = parent
    this.#origin = origin
    this.#channel = openChannel({
      onMessage: (message) => this.#onMessage(message),
      onCover: (order, socket) => this.#onCover(order, socket),
      onGone: () => this.#drain(ORPHAN_GRACE, 0),
    })
  }

  run(): void {
    forgiveOutput('stdout')
    forgiveOutput('stderr')
    process.on('SIGTERM', () => this.#leave('was told to end by SIGTERM', true))
    process.on('uncaughtException', (error) => this.#onUncaught(error))
    // What failed is over, and only what awaited it could be in doubt.
    process.on('unhandledRejection', (error) =>
      this.#log('error', 'a promise was rejected and nobody awaited it', { error }),
    )
  }

  #onMessage(message: ToWorker): void {
    switch (message.type) {
      case 'init':
        this.#init = message.init
        void this.#load(message.init)
        return
      case 'accept':
        void this.#accept()
        return
      case 'drain':
        // Said before whatever it does next, which may take long.
        this.#closeListeners()
        this.#channel.send({ type: 'closed' })
        this.#beat()
        return this.#drain(message.graceful, message.idleGrace)
      case 'report':
        return this.#beat()
      case 'renew':
        this.#renewed = message.settings
        return this.#renew()
      case 'stopping':
        return this.#service?.announceStop?.()
      case 'probe':
        return void this.#sayReady()
      case 'measure':
        return void this.#metrics?.send()
    }
  }

  /** Once there is a service. One that fails keeps what it has. */
  #renew(): void {
    const settings = this.#renewed
    if (settings === null || this.#service === null) return
    this.#renewed = null
    this.#service
      .renew?.(settings)
      ?.catch((error: unknown) => this.#log('error', 'settings stay as they were', { error }))
  }

  #onCover(order: SocketOrder, socket: Socket | undefined): void {
    if (order.type === 'uncover') {
      for (const [listener, covered] of this.#listeners) if (covered === order.slot) this.#closeListener(listener)
    } else if (socket !== undefined) this.#cover(order.slot, order.target, socket)
  }

  async #load(init: WorkerInit): Promise<void> {
    process.title = `tsgi worker ${init.worker} (generation ${init.generation})`
    if (init.watchdog) startWatchdog(this.#parent)
    const access = init.access ? accessBatch(this.#channel) : null
    if (access !== null) this.#flushAccess = () => access.flush()
    const host: WorkerHost = {
      settings: init.settings,
      listen: init.listen,
      worker: init.worker,
      slot: init.slot,
      generation: init.generation,
      log: this.#log,
      importModule: this.#origin.importModule,
      metrics: init.metrics !== null,
      access: access === null ? undefined : (record) => access.add(record),
      taken: () => {
        this.#closeListeners()
        this.#channel.send({ type: 'taken' })
      },
      finish: (graceful) => this.#drain(graceful, 0),
    }
    try {
      this.#service = await this.#program(host)
    } catch (error) {
      return this.#fail(failureOf(error, 'TSGI_ERR_APP_LOAD'))
    }
    this.#renew()
    if (init.stopping) this.#service.announceStop?.()
    setInterval(() => this.#beat(), init.beat).unref()
    if (init.metrics !== null) this.#metrics = reportMetrics(init.metrics, this.#service, this.#channel, this.#log)
    if (init.wantsCode) await this.#tellCode(this.#service)
    this.#channel.send({ type: 'loaded' })
  }

  async #accept(): Promise<void> {
    const { listen, inherited, backlog } = this.#init as WorkerInit
    const open = async (fd: number, index: number): Promise<void> => {
      const target = listen[index] as ListenTarget
      try {
        await this.#listen(null, target, { fd }, backlog)
      } catch (error) {
        throw bindError(target, error)
      }
    }
    try {
      await Promise.all(inherited.map(open))
      this.#channel.send({ type: 'accepting' })
    } catch (error) {
      this.#fail(failureOf(error, 'TSGI_ERR_BIND'))
    }
  }

  #cover(slot: number, target: number, socket: Socket): void {
    // It wraps a listening socket, and is no stream: whatever it says about reading from it means nothing.
    socket.on('error', () => {})
    if (this.#draining !== null) {
      socket.destroy()
      return
    }
    const { listen, backlog } = this.#init as WorkerInit
    this.#listen(slot, listen[target] as ListenTarget, socket, backlog).catch((error: unknown) =>
      this.#log('warn', `cannot cover for slot ${slot}`, { error }),
    )
  }

  #listen(
    slot: number | null,
    target: ListenTarget,
    place: { readonly fd: number } | Socket,
    backlog: number,
  ): Promise<void> {
    const service = this.#service as WorkerService
    const server = createServer(service.acceptOptions)
    this.#listeners.set(server, slot)
    return startListening(server, place, backlog, () => service.attach(server, target))
  }

  #closeListener(listener: Server): void {
    this.#listeners.delete(listener)
    listener.close()
  }

  #closeListeners(): void {
    for (const listener of this.#listeners.keys()) this.#closeListener(listener)
  }

  #beat(): void {
    if (this.#service === null) return
    this.#channel.send({ type: 'beat', figures: figuresOf(this.#service) })
  }

  async #sayReady(): Promise<void> {
    const ready = this.#service !== null && (await this.#service.ready?.()) !== false
    this.#channel.send({ type: 'ready', ready })
  }

  #onUncaught(error: unknown): void {
    if (this.#service === null)
      return this.#fail({ ...failureOf(error, 'TSGI_ERR_STARTUP'), message: `uncaught exception: ${messageOf(error)}` })
    this.#log('error', 'uncaught exception: the worker finishes what it has begun and is replaced', { error })
    this.#leave('had an uncaught exception', false)
  }

  #fail(failure: Failure): void {
    this.#channel.send({ type: 'failed', failure })
    void this.#channel.flushed().then(() => process.exit(EXIT_FAILED))
  }

  /** Stops accepting at once; the supervisor answers with how long to drain. */
  #leave(reason: string, orderly: boolean): void {
    if (this.#draining !== null) return
    this.#closeListeners()
    this.#channel.send({ type: 'leaving', reason, orderly })
  }

  #drain(graceful: number, idleGrace: number): void {
    this.#closeListeners()
    if (this.#service === null) process.exit()
    if (this.#draining === null) this.#draining = this.#finish(this.#service, graceful, idleGrace)
    else void this.#service.drain({ graceful, idleGrace })
  }

  async #finish(service: WorkerService, graceful: number, idleGrace: number): Promise<void> {
    const { cutOff } = await service.drain({ graceful, idleGrace })
    this.#flushAccess()
    await this.#metrics?.sendLast()
    this.#channel.send({ type: 'drained', cutOff, figures: figuresOf(service) })
    try {
      await service.shutdown?.()
    } catch (error) {
      this.#log('error', "the application's shutdown failed", { error })
    }
    await this.#channel.flushed()
    process.exit()
  }

  /** Before any client is met: what a process compiles later might be of a client's making. */
  async #tellCode(service: WorkerService): Promise<void> {
    // What a program that has answered nothing has compiled is half of it.
    if (this.#origin.compiledCode === undefined || service.rehearse === undefined) return
    try {
      await service.rehearse()
      this.#channel.send({ type: 'code', code: this.#origin.compiledCode() })
    } catch (error) {
      this.#log('warn', 'what this program compiles cannot be kept for others', { error })
    }
  }

  readonly #log: Logger = (level, message, fields) => {
    const sent = this.#channel.send({ type: 'log', level, message: clipped(message), fields: crossingFields(fields) })
    if (sent) this.#tellDropped()
    else this.#droppedLines++
  }

  #tellDropped(): void {
    if (this.#droppedLines === 0) return
    const message = `${this.#droppedLines} lines of the log were dropped: the supervisor did not take them`
    if (this.#channel.send({ type: 'log', level: 'warn', message, fields: {} })) this.#droppedLines = 0
  }
}

function figuresOf(service: WorkerService): Figures {
  const { connections, active, requests, accepted } = service.stats()
  return { connections, active, requests, accepted, rss: process.memoryUsage.rss() }
}

/** What the supervisor's log takes: text, numbers, flags. */
function crossingFields(fields: { readonly [name: string]: unknown } = {}): WorkerLogFields {
  const crossing: { [name: string]: WorkerLogFields[string] } = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    if (name === 'error') crossing[name] = crossingError(value)
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) crossing[name] = value
    else crossing[name] = clipped(typeof value === 'string' ? value : inspect(value))
  }
  return crossing as WorkerLogFields
}

function crossingError(error: unknown): ErrorText | string {
  if (!(error instanceof Error)) return clipped(inspect(error))
  const { message, stack } = error
  return { message: clipped(String(message)), stack: clipped(String(stack ?? message)) }
}

const LONGEST_TEXT = 64 * 1024

const clipped = (text: string): string => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text)

function failureOf(error: unknown, code: ServeErrorCode): Failure {
  const cause = error instanceof ServeError ? (error.cause ?? error) : error
  return {
    code: error instanceof ServeError ? error.code : code,
    message: clipped(messageOf(error)),
    stack: cause instanceof Error ? clipped(String(cause.stack)) : undefined,
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
