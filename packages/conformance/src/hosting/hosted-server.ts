/**
 * A server module in a process of its own, so that one that hangs or ends its process is a failed case and not the end
 * of the kit.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  type AppReference,
  type CloseOptions,
  type CloseResult,
  type Json,
  type RunningServer,
  ServeError,
  type ServeErrorCode,
  type ServeOptions,
  type ServerModule,
} from '@tsgi/spec/server'
import type { ErrorText, FromHost, ToHost } from './messages.ts'

/** Milliseconds for a module to load, and for `serve()` to resolve. */
const STARTING = 30_000
/** Beyond what `close()` was given; then the process is killed. */
const STOPPING = 2_000
/** Characters of what the process wrote last. */
const KEPT = 2_000

const FROM_SOURCE = import.meta.url.endsWith('.ts')
const PROGRAM = fileURLToPath(new URL(FROM_SOURCE ? 'server-host.ts' : 'server-host.js', import.meta.url))

/** A module that is no server, or does not load; the message says why. */
export class UnusableModuleError extends Error {
  override name = 'UnusableModuleError'
}

/** What runs a module in place of this Node: `{ program: 'deno', args: ['run', '--allow-all'] }`. */
export interface Runtime {
  /** A path, or a name to be found in PATH. */
  readonly program: string
  /** Before the name of the program that it runs. */
  readonly args?: readonly string[] | undefined
}

/**
 * The server of a module. Each `serve()` starts a process, and needs a module reference.
 *
 * @param url of the module, to be imported there
 * @throws UnusableModuleError
 */
export async function hostedServer(url: string, runtime?: Runtime): Promise<ServerModule> {
  const { process: first, name } = await Host.open(url, runtime)
  await first.end()
  return {
    name,
    inProcess: false,
    async serve(app, options = {}) {
      const { process: host } = await Host.open(url, runtime)
      return await host.serve(app, options)
    },
  }
}

/** A server that runs in such a process. */
export class HostedRunningServer implements RunningServer {
  readonly addresses: RunningServer['addresses']
  readonly urls: RunningServer['urls']
  readonly #host: Host

  constructor(host: Host, { addresses, urls }: Pick<RunningServer, 'addresses' | 'urls'>) {
    this.#host = host
    this.addresses = addresses
    this.urls = urls
  }

  /** What became of its process, where that went wrong. */
  get downfall(): string | null {
    return this.#host.downfall
  }

  /** Nobody asks across the process. */
  stats(): ReturnType<RunningServer['stats']> {
    return { connections: 0, active: 0, requests: 0, accepted: 0 }
  }

  async close(options: CloseOptions = {}): Promise<CloseResult> {
    return await this.#host.close(options)
  }
}

class Host {
  readonly #child: ChildProcess
  readonly #exit: Promise<void>
  #output = ''
  #ended = false
  #expected = false
  #log: NonNullable<ServeOptions['log']> = () => {}
  #downfall: string | null = null
  /** Who waits for the next answer; log lines are none. Several, where one close() hurries another. */
  readonly #waiting = new Set<(message: FromHost | null) => void>()
  readonly #killAtExit = (): void => void this.#child.kill('SIGKILL')

  private constructor(url: string, runtime: Runtime | undefined) {
    const conditions = FROM_SOURCE ? ['--conditions=source'] : []
    this.#child = fork(PROGRAM, [url], {
      execPath: runtime?.program,
      execArgv: [...(runtime?.args ?? (FROM_SOURCE ? [] : process.execArgv)), ...conditions],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output = (this.#output + text).slice(-KEPT)))
    }
    // Where there is no such program; 'close' follows.
    this.#child.on('error', (error) => (this.#output += error.message))
    process.on('exit', this.#killAtExit)
    this.#child.on('message', (message: FromHost) => {
      if (message.kind !== 'log') this.#answer(message)
      else this.#log(message.level, message.message, message.error === undefined ? {} : { error: message.error })
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#exit = promise
    // `close` and not `exit`: what it said last may still be in the pipe.
    this.#child.on('close', (code, signal) => {
      this.#ended = true
      process.off('exit', this.#killAtExit)
      if (!this.#expected) this.#downfall ??= `its process ended with ${endOf(code, signal)}${this.#lastWords()}`
      this.#answer(null)
      resolve()
    })
  }

  static async open(url: string, runtime: Runtime | undefined): Promise<{ process: Host; name: string }> {
    const host = new Host(url, runtime)
    const message = await host.#next(STARTING)
    if (message?.kind === 'loaded') return { process: host, name: message.name }
    const reason =
      message?.kind === 'unusable'
        ? message.reason
        : (host.downfall ?? `did not load within ${STARTING / 1000} s${host.#lastWords()}`)
    await host.end()
    throw new UnusableModuleError(reason)
  }

  get downfall(): string | null {
    return this.#downfall
  }

  async serve(app: AppReference, options: ServeOptions): Promise<HostedRunningServer> {
    if (typeof app === 'function') {
      throw new ServeError(
        'TSGI_ERR_NEEDS_REFERENCE',
        'a server in a process of its own needs a module, not a function',
      )
    }
    const { log, ...rest } = options
    if (log !== undefined) this.#log = log
    this.#tell({
      kind: 'serve',
      app: { ...app, module: String(app.module) },
      options: rest as { readonly [name: string]: Json | undefined },
    })
    const message = await this.#next(STARTING)
    if (message?.kind === 'listening') return new HostedRunningServer(this, message)
    const downfall =
      this.downfall ?? `serve() did neither resolve nor reject within ${STARTING / 1000} s${this.#lastWords()}`
    await this.end()
    throw message?.kind === 'refused' ? refusal(message.error, message.code) : new Error(downfall)
  }

  async close({ graceful }: CloseOptions): Promise<CloseResult> {
    if (this.#ended) return { cutOff: 0 }
    this.#tell({ kind: 'close', graceful })
    const message = await this.#next((graceful ?? STARTING) + STOPPING)
    if (message === null && !this.#ended) {
      this.#downfall ??= `it was told to stop and did not: close() did not resolve, so its process was killed${this.#lastWords()}`
    }
    if (message?.kind === 'not-closed') this.#downfall ??= `close() rejected: ${message.stack}`
    await this.end()
    return { cutOff: message?.kind === 'closed' ? message.cutOff : 0 }
  }

  /** Ends the process, whatever it does. */
  async end(): Promise<void> {
    this.#expected = true
    this.#child.kill('SIGKILL')
    await this.#exit
  }

  #tell(message: ToHost): void {
    this.#child.send(message, () => {})
  }

  /** The next answer; `null` where the process ended or the time is over. */
  async #next(milliseconds: number): Promise<FromHost | null> {
    if (this.#ended) return null
    const { promise, resolve } = Promise.withResolvers<FromHost | null>()
    this.#waiting.add(resolve)
    const timer = setTimeout(() => resolve(null), milliseconds)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(resolve)
    }
  }

  #answer(message: FromHost | null): void {
    for (const resolve of this.#waiting) resolve(message)
  }

  #lastWords(): string {
    const words = this.#output.trim()
    return words === '' ? '' : `; it wrote last:\n${words}`
  }
}

/** The error as it was there: its stack, not this one's. */
function refusal({ name, message, stack }: ErrorText, code: ServeErrorCode | undefined): Error {
  const error = code === undefined ? new Error(message) : new ServeError(code, message)
  return Object.assign(error, { name, stack })
}

const endOf = (code: number | null, signal: NodeJS.Signals | null): string =>
  code === null ? String(signal) : `exit code ${code}`
