import type { ErrorStream } from '@tsgi/spec'
import type { Call } from './call.ts'
import { BridgeError } from './bridge-error.ts'
import type { Lane } from './lane.ts'
import type { Language, WorkerReady } from './language.ts'
import { type PoolFigures, reportPool } from './pool-metrics.ts'
import type { PoolSettings } from './options.ts'
import { WorkerProcess, type WorkerOwner } from './worker-process.ts'

/**
 * Calls that the only lane of a pool may hold. It answers in order whatever is done, and many at once save system calls. Of
 * several lanes each takes one call at a time: it must not wait behind a slow one while another lane is free.
 */
const DEPTH_OF_ONLY_LANE = 1024

/** For workers to end when the serving ends, in milliseconds. */
const STOP_LIMIT = 5000

/** Between attempts to start a worker in the place of one that ended, in milliseconds. */
const FIRST_DELAY = 100
const LONGEST_DELAY = 5000

/** The processes that run one application, and the calls that wait for them. They belong to this process. */
export class Pool implements WorkerOwner {
  readonly #language: Language
  readonly #app: string
  readonly #settings: PoolSettings
  readonly #loaded: (files: readonly string[]) => void
  readonly #depth: number
  readonly #workers = new Set<WorkerProcess>()
  readonly #waiting: Call[] = []
  #phase: 'new' | 'serving' | 'stopped' = 'new'
  #lost = 0
  #endReports = (): void => {}
  /** The log of the server, known with the first call. */
  #errors: ErrorStream | null = null
  #watch: NodeJS.Timeout | null = null
  /** Since no worker could be started in the place of one that ended. */
  #outage: BridgeError | null = null

  /** @param loaded is given the files of the application, as far as the workers know them */
  constructor(
    language: Language,
    app: string,
    settings: PoolSettings,
    loaded: (files: readonly string[]) => void = () => {},
  ) {
    this.#language = language
    this.#app = app
    this.#settings = settings
    this.#loaded = loaded
    this.#depth = settings.workers * settings.threads === 1 ? DEPTH_OF_ONLY_LANE : 1
  }

  /**
   * Starts the workers.
   *
   * @throws BridgeError where one cannot serve; then none is left
   */
  async start(): Promise<WorkerReady> {
    this.#phase = 'serving'
    const workers = Array.from({ length: this.#settings.workers }, () => this.#startWorker())
    try {
      const [ready] = await Promise.all(workers.map((worker) => worker.started))
      const limit = this.#settings.handlerTimeout
      if (limit > 0) {
        this.#watch = setInterval(() => this.#endHung(limit), Math.max(10, Math.min(1000, limit / 4)))
        this.#watch.unref()
      }
      this.#endReports = reportPool(() => this.#figures())
      return ready as WorkerReady
    } catch (error) {
      this.#phase = 'stopped'
      for (const worker of workers) void worker.kill()
      await Promise.all(workers.map((worker) => worker.ended))
      throw error
    }
  }

  /** Ends the workers, once they have answered what they were sent. */
  async stop(): Promise<void> {
    if (this.#watch !== null) clearInterval(this.#watch)
    this.#endReports()
    this.#phase = 'stopped'
    const workers = [...this.#workers]
    for (const worker of workers) worker.retire()
    const late = setTimeout(() => {
      for (const worker of this.#workers) {
        this.wrote(`worker ${worker.pid} did not end within ${STOP_LIMIT / 1000} s and is killed; it was at:\n`)
        void worker.kill({ stacks: true })
      }
    }, STOP_LIMIT)
    await Promise.all(workers.map((worker) => worker.ended))
    clearTimeout(late)
  }

  /** Hands a call to a lane, now or when one is free. */
  dispatch(call: Call): void {
    this.#errors = call.environ.errors
    if (this.#phase !== 'serving') return call.fail(notServing(this.#phase))
    const lane = this.#freeLane()
    if (lane !== undefined) lane.send(call)
    else if (this.#outage !== null && !this.#isServed()) call.refuse(503, 'The application is being started again.\n')
    else this.#waiting.push(call)
  }

  /** Forgets a call whose client has left. */
  cancel(call: Call): void {
    const at = this.#waiting.indexOf(call)
    if (at >= 0) {
      this.#waiting.splice(at, 1)
      call.abandon()
    } else for (const worker of this.#workers) for (const lane of worker.lanes) lane.cancel(call)
  }

  freed(worker: WorkerProcess, lane: Lane): void {
    const { maxRequests } = this.#settings
    if (maxRequests > 0 && worker.served === maxRequests) void this.#renew(worker)
    if (worker.state !== 'ready') return
    const next = this.#waiting.shift()
    if (next !== undefined) lane.send(next)
  }

  returned(calls: readonly Call[]): void {
    for (const call of calls) {
      call.movedAt = 0
      this.dispatch(call)
    }
  }

  exited(worker: WorkerProcess, how: string): void {
    const wasExpected = !this.#workers.delete(worker) || this.#phase !== 'serving' || worker.isReplaced
    if (wasExpected || !worker.hasServed) return
    this.#lost++
    this.wrote(`worker ${worker.pid} ${how}; another one starts\n`)
    void this.#replace()
  }

  wrote(text: string): void {
    if (this.#errors === null) process.stderr.write(text)
    else this.#errors.write(text)
  }

  loaded(files: readonly string[]): void {
    this.#loaded(files)
  }

  #startWorker(): WorkerProcess {
    const worker = new WorkerProcess(this, this.#language, this.#app, this.#settings)
    this.#workers.add(worker)
    return worker
  }

  /** A worker in the place of one that ended, however often that takes. */
  async #replace(): Promise<void> {
    for (let delay = FIRST_DELAY; this.#phase === 'serving'; delay = Math.min(delay * 2, LONGEST_DELAY)) {
      try {
        await this.#startWorker().started
        this.#outage = null
        this.#serveWaiting()
        return
      } catch (error) {
        if (!(error instanceof BridgeError)) throw error
        this.#outage = error
        this.wrote(`no worker could be started: ${error.message}\n`)
        if (!this.#isServed()) for (const call of this.#waiting.splice(0)) this.dispatch(call)
        await new Promise((resolve) => setTimeout(resolve, delay).unref())
      }
    }
  }

  /** Puts a new worker in the place of one that has served its number, which takes no call once the new one is there. */
  async #renew(old: WorkerProcess): Promise<void> {
    try {
      await this.#startWorker().started
    } catch (error) {
      old.served = 0
      this.wrote(`worker ${old.pid} stays, since no other could be started: ${String(error)}\n`)
      return
    }
    old.retire()
    this.#serveWaiting()
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0) {
      const lane = this.#freeLane()
      if (lane === undefined) return
      lane.send(this.#waiting.shift() as Call)
    }
  }

  /** A lane that may take a call, of the process that has the least to do. */
  #freeLane(): Lane | undefined {
    let best: Lane | undefined
    let least = Infinity
    for (const worker of this.#workers) {
      if (worker.state !== 'ready') continue
      let busy = 0
      let free: Lane | undefined
      for (const lane of worker.lanes) {
        busy += lane.size
        if (free === undefined && lane.size < this.#depth) free = lane
      }
      if (free !== undefined && busy < least) {
        best = free
        least = busy
        if (busy === 0) break
      }
    }
    return best
  }

  #figures(): PoolFigures {
    const ready = [...this.#workers].filter(({ state }) => state === 'ready')
    const busy = ready.filter(({ lanes }) => lanes.some(({ size }) => size > 0)).length
    const { name: language } = this.#language
    return { language, ready: ready.length, busy, waiting: this.#waiting.length, lost: this.#lost }
  }

  #isServed(): boolean {
    for (const worker of this.#workers) if (worker.state === 'ready') return true
    return false
  }

  /** Ends the processes of calls that have not moved for `limit` milliseconds, once their other calls are done. */
  #endHung(limit: number): void {
    const since = performance.now() - limit
    const hangs = ({ current }: Lane) =>
      current !== undefined && current.waiting === 'worker' && current.movedAt !== 0 && current.movedAt <= since
    for (const worker of this.#workers) {
      const hung = worker.lanes.filter(hangs)
      if (hung.length === 0) continue
      if (worker.state === 'ready') {
        const names = hung.map((lane) => lane.current?.name).join(', ')
        this.wrote(
          `${names}: no sign of an answer for ${limit / 1000} s; worker ${worker.pid} is replaced. It is at:\n`,
        )
        worker.giveUp(`gave no sign for ${limit / 1000} s`)
        void this.#replace()
      }
      if (worker.lanes.every((lane) => lane.size === 0 || hangs(lane))) void worker.kill({ stacks: true })
    }
  }
}

const notServing = (phase: 'new' | 'stopped') =>
  new BridgeError(
    'TSGI_ERR_BRIDGE_WORKER',
    phase === 'new'
      ? 'the application was called before its startup: a server, and each middleware, owes it that (SPEC M.1, M.3)'
      : 'the application was called after its shutdown (SPEC M.2)',
  )
