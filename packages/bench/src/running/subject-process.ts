/** A subject in a process tree of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { makeControlGroup, type ControlGroup } from '../accounting/control-group.ts'
import { treeCpuTime, treeMemory } from '../accounting/process-tree.ts'
import { GREETING } from '../data/content.ts'
import { FOLDER_VARIABLE } from '../data/places.ts'
import { programFile } from '../programs/program-file.ts'
import { nginxConfiguration } from '../subjects/nginx-configuration.ts'
import type { ProgramStart, Start, Subject } from '../subjects/subject.ts'
import { pinned } from './processors.ts'

/** A pairing cannot be measured; the message is for its row. The others go on. */
export class SubjectError extends Error {
  override readonly name = 'SubjectError'
}

export interface SubjectSettings {
  /** Where the files and the database of the run are. */
  readonly folder: string
  readonly processors: string | null
  /** Ends it at once, whatever it does. */
  readonly signal?: AbortSignal | undefined
}

const BOOT_TIMEOUT = 30_000
const STOP_TIMEOUT = 5000
const KEPT_OUTPUT = 2000

/** Made so far, for their names. */
let groups = 0

export class SubjectProcess {
  readonly port: number
  readonly #child: ChildProcess
  readonly #group: ControlGroup | null
  readonly #output: () => string

  private constructor(child: ChildProcess, port: number, group: ControlGroup | null, output: () => string) {
    this.#child = child
    this.port = port
    this.#group = group
    this.#output = output
  }

  /**
   * Starts it and waits until it listens.
   *
   * @throws SubjectError where it does not
   */
  static async start(subject: Subject, settings: SubjectSettings): Promise<SubjectProcess> {
    const { start } = subject
    const command = await commandOf(start, settings.folder)
    const group = makeControlGroup(`tsgi-bench-${process.pid}-${++groups}`)
    const pinnedCommand = pinned(settings.processors, command.command)
    const [file, ...parameters] = group === null ? pinnedCommand : group.command(pinnedCommand)
    const child = spawn(file, parameters, {
      stdio: ['ignore', 'ignore', 'pipe', isProgram(start) ? 'ignore' : 'ipc'],
      env: { ...process.env, NODE_ENV: 'production', [FOLDER_VARIABLE]: settings.folder, ...command.env },
      ...(command.cwd !== undefined && { cwd: command.cwd }),
    })
    const end = (): void => void child.kill('SIGKILL')
    settings.signal?.addEventListener('abort', end, { once: true })
    child.once('exit', () => settings.signal?.removeEventListener('abort', end))
    let output = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-KEPT_OUTPUT)))
    const failed = once(child, 'error').then(([error]) => {
      throw new SubjectError(`could not be started: ${String(error)}`)
    })
    // Not `exit`: what it said last may still be in the pipe.
    const ended = once(child, 'close').then(([code, signal]) => {
      throw new SubjectError(`ended with ${code ?? signal} before it listened\n${output}`.trim())
    })
    const late = timeout(BOOT_TIMEOUT, `did not listen within ${BOOT_TIMEOUT / 1000} s`)
    try {
      const port = await Promise.race([command.port(child), failed, ended, late.promise])
      return new SubjectProcess(child, port, group, () => output)
    } catch (error) {
      child.kill('SIGKILL')
      group?.remove()
      throw error
    } finally {
      late.cancel()
      for (const promise of [failed, ended]) promise.catch(() => {})
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it wrote to standard error last. */
  get output(): string {
    return this.#output()
  }

  /** `exit code 1`, `SIGKILL`; `null` while it runs. */
  get ending(): string | null {
    const { exitCode, signalCode } = this.#child
    return exitCode === null ? signalCode : `exit code ${exitCode}`
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** `cgroup` or `process times`: what {@link cpuTime} is taken from. */
  get accounting(): 'cgroup' | 'process times' {
    return this.#group === null ? 'process times' : 'cgroup'
  }

  /** Microseconds of processor time of the whole tree until now; `null` where the system does not say. */
  cpuTime(): number | null {
    return this.#group === null ? treeCpuTime(this.pid) : this.#group.cpuTime()
  }

  peakMemory(): number | null {
    return treeMemory(this.pid, 'VmHWM')
  }

  memory(): number | null {
    return treeMemory(this.pid, 'VmRSS')
  }

  async stop(): Promise<void> {
    if (this.alive) {
      const ended = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      const hurry = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT)
      await ended
      clearTimeout(hurry)
    }
    this.#group?.remove()
  }
}

interface Command {
  readonly command: readonly string[]
  readonly cwd?: string
  readonly env?: { readonly [name: string]: string }
  port(child: ChildProcess): Promise<number>
}

/** What is no process of ours does not report its port. */
const isProgram = ({ kind }: Start): boolean => kind === 'nginx' || kind === 'program'

async function commandOf(start: Start, folder: string): Promise<Command> {
  if (start.kind === 'nginx') return await nginxCommand(folder)
  return start.kind === 'program' ? await programCommand(start) : await childCommand(start)
}

async function programCommand({ command, cwd, env = {} }: ProgramStart): Promise<Command> {
  const port = await freePort()
  return {
    command: command.map((word) => word.replaceAll('{port}', String(port))),
    cwd,
    env,
    port: () => accepted(port),
  }
}

/** Waits until a port accepts connections, and returns it. */
async function accepted(port: number): Promise<number> {
  while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, 20))
  return port
}

async function childCommand(start: Start): Promise<Command> {
  return {
    command: [process.execPath, programFile('subject'), JSON.stringify(start)],
    async port(child) {
      const [message] = (await once(child, 'message')) as [{ readonly port: number }]
      return message.port
    },
  }
}

/** nginx takes no port 0, so one is looked for. */
async function nginxCommand(folder: string): Promise<Command> {
  const own = await mkdtemp(join(folder, 'nginx-'))
  const port = await freePort()
  const file = join(own, 'nginx.conf')
  await writeFile(file, nginxConfiguration({ own, files: folder, port, greeting: GREETING }))
  return {
    command: ['nginx', '-p', own, '-e', 'stderr', '-c', file],
    async port(child) {
      child.once('exit', () => void rm(own, { recursive: true, force: true }))
      return await accepted(port)
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

function timeout(milliseconds: number, message: string): { promise: Promise<never>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new SubjectError(message)), milliseconds)
  })
  promise.catch(() => {})
  return { promise, cancel: () => clearTimeout(timer) }
}
