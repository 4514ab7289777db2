/** A program under test: started, watched, and gone when the test is over. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { isRunning, markedProcesses, MARK } from './processes.ts'
import { until } from './until.ts'

export interface ProgramOptions {
  readonly args?: readonly string[]
  readonly nodeFlags?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Put before the command, such as `prlimit --nofile=64`. */
  readonly prefix?: readonly string[]
  /** A descriptor that takes its standard output and error. Default: they are kept here. */
  readonly output?: number
}

export interface ProgramEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export class Program {
  readonly child: ChildProcess
  readonly mark: string = randomUUID()
  readonly ended: Promise<ProgramEnd>
  stdout = ''
  stderr = ''
  /** Written to descriptor 3, which nothing that it starts inherits. */
  told = ''
  end: ProgramEnd | null = null

  constructor(file: URL, { args = [], nodeFlags = [], env = {}, prefix = [], output }: ProgramOptions = {}) {
    const command = [...prefix, process.execPath, ...nodeFlags, file.pathname, ...args]
    this.child = spawn(command[0] as string, command.slice(1), {
      stdio: ['ignore', output ?? 'pipe', output ?? 'pipe', 'pipe'],
      env: { ...process.env, ...env, [MARK]: this.mark },
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    const [, , , announcements] = this.child.stdio
    if (announcements instanceof Readable)
      announcements.setEncoding('utf8').on('data', (text: string) => (this.told += text))
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => {
        this.end = { code, signal }
        resolve(this.end)
      }),
    )
  }

  get pid(): number {
    return this.child.pid as number
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  /** The first match in what it has said, wherever, as soon as there is one. */
  said(pattern: RegExp, limit?: number): Promise<RegExpExecArray> {
    return until(
      `${pattern} in:\n${this.stdout}\n${this.stderr}`,
      () => {
        const found = pattern.exec(this.told) ?? pattern.exec(this.stdout) ?? pattern.exec(this.stderr)
        if (found === null && this.end !== null) {
          throw new Error(
            `ended with ${JSON.stringify(this.end)} before it said ${pattern}:\n${this.stdout}\n${this.stderr}`,
          )
        }
        return found
      },
      limit,
    )
  }

  /** Ends it, and waits for all that it started to end too. @returns those that did not, and had to be ended one by one */
  async destroy(): Promise<readonly number[]> {
    const started = new Set(markedProcesses(this.mark))
    this.child.kill('SIGKILL')
    this.child.kill('SIGCONT')
    await this.ended
    for (const pid of markedProcesses(this.mark)) started.add(pid)
    try {
      // By their number: a process that is ending has lost its environment, and thereby its mark, before its sockets.
      await until('the processes of the test to end', () => ![...started].some(isRunning), 3_000)
      return []
    } catch {
      const left = [...started].filter(isRunning)
      for (const pid of left) process.kill(pid, 'SIGKILL')
      return left
    }
  }
}
