/** The command as users run it, in a folder and a process of its own, and what the system knows of that process. */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { Client } from './client.ts'

/** Built: turbo sees to that before these tests run. */
const BIN = fileURLToPath(new URL('../../cli/bin/tsgi.js', import.meta.url))

/** Without what the person or the machine running the tests may have set. */
const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(TSGI_|PORT$|HOST$|NODE_|VITEST|FORCE_COLOR|NO_COLOR)/.test(name)),
)

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Shell commands that run first, in the process that becomes the command: `ulimit -n 100`. */
  readonly before?: string
  /** Standard output and error, where they are not to be kept. */
  readonly stdio?: StdioOptions
}

/** Runs a function at the end of something: of a test, or of all tests of a file. */
type AtEnd = (cleanup: () => void | Promise<void>) => unknown

export class Folder {
  readonly path: string = realpathSync(mkdtempSync(path.join(tmpdir(), 'tsgi-')))
  readonly #atEnd: AtEnd

  /** @param atEnd when it goes, and what was started in it */
  constructor(files: Readonly<Record<string, string>>, atEnd: AtEnd = onTestFinished) {
    this.#atEnd = atEnd
    atEnd(() => rmSync(this.path, { recursive: true, force: true }))
    for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
      writeFileSync(this.file(name), text)
    }
  }

  file(name: string): string {
    return path.join(this.path, name)
  }

  /** Starts `tsgi serve`, by default on a free port. */
  serve(args: readonly string[], options: CommandOptions = {}): Command {
    const bind = args.some((arg) => /^(-p|-b|--port|--bind)$/.test(arg)) ? [] : ['-p', '0']
    const command = new Command(this.path, ['serve', ...args, ...bind], options)
    this.#atEnd(() => command.kill())
    return command
  }
}

export class Command {
  readonly child: ChildProcess
  /** Its exit code; a signal's name where that ended it. */
  readonly exit: Promise<number | NodeJS.Signals>
  stdout = ''
  stderr = ''
  ended = false

  constructor(cwd: string, args: readonly string[], { env = {}, before, stdio }: CommandOptions) {
    // After `--`, because Node itself takes some flags that it sees.
    const words = [process.execPath, '--', BIN, ...args]
    const [program = '', ...rest] = before === undefined ? words : ['sh', '-c', `${before}; exec "$@"`, 'sh', ...words]
    this.child = spawn(program, rest, { cwd, env: { ...CLEAN, ...env }, stdio: stdio ?? ['ignore', 'pipe', 'pipe'] })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.exit = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.ended = true
        resolve(code ?? (signal as NodeJS.Signals))
      })
    })
  }

  get pid(): number {
    return this.child.pid as number
  }

  /** The first match in what it has said, as soon as there is one. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    return until(`${pattern}`, () => {
      const found = pattern.exec(this.stderr) ?? pattern.exec(this.stdout)
      if (found === null && this.ended) throw new Error(`it ended without ${pattern}:\n${this.stderr}${this.stdout}`)
      return found
    })
  }

  async port(): Promise<number> {
    const [, port] = await this.said(/listening on http:\/\/[^/"]+:(\d+)\//)
    return Number(port)
  }

  /** A client of it. */
  async connect(): Promise<Client> {
    const client = new Client({ host: '127.0.0.1', port: await this.port() })
    onTestFinished(() => void client.socket.destroy())
    return client
  }

  /** All that comes in answer to one request on a connection of its own. */
  async get(target: string): Promise<string> {
    const client = await this.connect()
    return client.send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`).toEnd()
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  async kill(): Promise<void> {
    if (!this.ended) this.child.kill('SIGKILL')
    await this.exit
  }

  /** Descriptors that it has open. */
  descriptors(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length
  }

  /** Most memory that it ever had, in bytes. */
  peakMemory(): number {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'latin1'))
    return Number(line?.[1]) * 1024
  }

  /** Processor time that it used, in milliseconds. */
  processorTime(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  }
}

/** For what has no event: looks again and again. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limit = 15_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + limit
  for (;;) {
    const found = await look()
    if (found !== false && found !== null && found !== undefined) return found as Exclude<T, false | null | undefined>
    if (performance.now() > end) throw new Error(`waited ${limit} ms for this: ${what}`)
    await sleep(10)
  }
}
