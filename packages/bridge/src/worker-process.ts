import { spawn, type ChildProcess } from 'node:child_process'
import { Duplex, type Readable } from 'node:stream'
import { BridgeError, raised } from './bridge-error.ts'
import { workerEnded, type Call } from './call.ts'
import { PROTOCOL_VERSION } from './frames.ts'
import { Lane, type LaneOwner } from './lane.ts'
import {
  readFailed,
  readReady,
  type Language,
  type WorkerFailed,
  type WorkerReady,
  type WorkerSettings,
} from './language.ts'
import type { PoolSettings } from './options.ts'
import { version } from './version.ts'

/** What a worker tells its pool. */
export interface WorkerOwner {
  /** A lane has one call less. */
  freed(worker: WorkerProcess, lane: Lane): void
  /** Calls that the worker had not begun. */
  returned(calls: readonly Call[]): void
  /** The process has exited. */
  exited(worker: WorkerProcess, how: string): void
  /** Something that it wrote to standard output or standard error: whole lines. */
  wrote(text: string): void
  /** Files of the application, for those who watch them. */
  loaded(files: readonly string[]): void
}

/**
 * `retiring`: it answers what it was sent and takes nothing more. `dead`: its lanes are closed, though the process may not have
 * exited yet.
 */
export type WorkerState = 'starting' | 'ready' | 'retiring' | 'dead'

/** How long a hung process has to write its stacks, in milliseconds: some 5 are usual. */
const STACK_TIME = 200

/** For the exit of a process that has closed its lanes, in milliseconds: one that was asked to end, and one that was not. */
const FAREWELL = 5000
const LAST_WORDS = 500

/** A process of the other language. */
export class WorkerProcess implements LaneOwner {
  readonly lanes: readonly Lane[]
  /** Settles when the worker can serve. */
  readonly started: Promise<WorkerReady>
  /** Settles when the process has exited and all it wrote was read. */
  readonly ended: Promise<void>
  state: WorkerState = 'starting'
  /** Calls that have ended. */
  served = 0
  readonly #owner: WorkerOwner
  readonly #language: Language
  readonly #child: ChildProcess
  #failed: WorkerFailed | null = null
  #how = 'ended'
  #reason: string | null = null
  #hasServed = false
  #isReplaced = false
  #isKilled = false
  #gone = false
  #resolveStarted!: (ready: WorkerReady) => void
  #rejectStarted!: (error: BridgeError) => void

  constructor(owner: WorkerOwner, language: Language, app: string, settings: PoolSettings) {
    this.#owner = owner
    this.#language = language
    const { file, args, env } = language.command
    const given: WorkerSettings = {
      protocol: PROTOCOL_VERSION,
      lanes: settings.threads,
      strict: settings.strict,
      software: `tsgi-bridge/${version}`,
    }
    this.#child = spawn(file, [...args, app, JSON.stringify(given)], {
      cwd: settings.cwd,
      env: { ...process.env, ...env, ...settings.env },
      stdio: ['ignore', 'pipe', 'pipe', ...Array.from({ length: settings.threads }, () => 'pipe' as const)],
    })
    this.started = new Promise((resolve, reject) => {
      this.#resolveStarted = resolve
      this.#rejectStarted = reject
    })
    this.started.catch(() => {})
    this.lanes = this.#child.stdio
      .slice(3)
      .filter((stream) => stream instanceof Duplex)
      .map((socket) => new Lane(this, socket, socket, settings.workers > 1))
    for (const output of [this.#child.stdout, this.#child.stderr]) if (output !== null) this.#relay(output)
    this.ended = new Promise((resolve) => {
      const exited = () => this.#exited(resolve)
      this.#child.on('error', (error) => {
        this.#how = `could not be started: ${error.message}`
        if (this.pid === undefined) exited()
      })
      this.#child.on('exit', (code, signal) => {
        this.#how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`
        // What it wrote last is still in the pipes, and what it left behind may hold them open.
        const late = setTimeout(exited, LAST_WORDS)
        this.#child.on('close', () => {
          clearTimeout(late)
          exited()
        })
      })
    })
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get idle(): boolean {
    return this.lanes.every((lane) => lane.size === 0)
  }

  /** Whether it could serve once. */
  get hasServed(): boolean {
    return this.#hasServed
  }

  /** Whether another one takes its place already, or none is to. */
  get isReplaced(): boolean {
    return this.#isReplaced
  }

  /** Takes nothing more, and ends when it has answered what it was sent. */
  retire(): void {
    this.#isReplaced = true
    if (this.state === 'dead') return
    this.state = 'retiring'
    for (const lane of this.lanes) lane.stop()
  }

  /** Takes nothing more, since it is going to be killed: for what reason, the calls that it loses will say. */
  giveUp(reason: string): void {
    this.#isReplaced = true
    this.#reason = reason
    if (this.state !== 'dead') this.state = 'retiring'
  }

  /** Ends it at once; with `stacks`, it first writes where its threads are. */
  async kill({ stacks = false }: { readonly stacks?: boolean } = {}): Promise<void> {
    if (this.#isKilled) return
    this.#isKilled = true
    if (stacks && this.#child.exitCode === null && this.#child.kill(this.#language.stackSignal)) {
      await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, STACK_TIME))])
    }
    this.#child.kill('SIGKILL')
  }

  ready(text: string): void {
    const ready = readReady(text)
    if (this.state === 'starting') this.state = 'ready'
    this.#hasServed = true
    this.#owner.loaded(ready.files)
    this.#resolveStarted(ready)
  }

  failed(text: string): void {
    this.#failed = readFailed(text)
    this.#owner.loaded(this.#failed.files)
  }

  wrote(text: string): void {
    this.#owner.wrote(text)
  }

  raised(traceback: string): BridgeError {
    return raised(traceback, this.#language.errorLine)
  }

  finished(lane: Lane): void {
    this.served++
    this.#owner.freed(this, lane)
  }

  closed(_lane: Lane, calls: readonly Call[]): void {
    // Before the process is known to have exited: a call must not be sent here again.
    const retiring = this.state === 'retiring'
    this.state = 'dead'
    const [begun, ...others] = calls
    for (const call of others) if (call.over) call.abandon()
    this.#owner.returned(others.filter((call) => !call.over))
    // How it ended is known when the process is gone.
    if (begun !== undefined) void this.ended.then(() => begun.fail(workerEnded(begun, this.#reason ?? this.#how)))
    // Without its lanes it has nothing to live for.
    const killed = setTimeout(() => this.#child.kill('SIGKILL'), retiring ? FAREWELL : LAST_WORDS)
    void this.ended.then(() => clearTimeout(killed))
  }

  #exited(resolve: () => void): void {
    if (this.#gone) return
    this.#gone = true
    this.state = 'dead'
    if (!this.#hasServed) this.#rejectStarted(this.#whyNotStarted())
    resolve()
    this.#owner.exited(this, this.#how)
  }

  #whyNotStarted(): BridgeError {
    const { name, command, advice } = this.#language
    if (this.pid === undefined) {
      return new BridgeError('TSGI_ERR_BRIDGE_INTERPRETER', `${name} (${command.file}) ${this.#how}`)
    }
    if (this.#failed === null) {
      return new BridgeError('TSGI_ERR_BRIDGE_APP', `the worker ${this.#how} before it could serve`)
    }
    return new BridgeError('TSGI_ERR_BRIDGE_APP', this.#failed.error + (advice?.(this.#failed) ?? ''))
  }

  /** Passes on what the process writes, a line at the least. */
  #relay(output: Readable): void {
    let rest = ''
    output.setEncoding('utf8')
    output.on('data', (text: string) => {
      const end = text.lastIndexOf('\n') + 1
      if (end > 0) this.#owner.wrote(rest + text.slice(0, end))
      rest = end > 0 ? text.slice(end) : rest + text
    })
    output.on('close', () => {
      if (rest !== '') this.#owner.wrote(`${rest}\n`)
    })
    output.on('error', () => {})
  }
}
