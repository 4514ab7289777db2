/** The real command, as users run it, in a folder of its own. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

export const BIN: string = fileURLToPath(new URL('../bin/tsgi.js', import.meta.url))

/** Variables that the person or the machine running the tests may have set, and that would change what is tested. */
const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(TSGI_|PORT$|HOST$|NODE_ENV$|NODE_OPTIONS$|VITEST|FORCE_COLOR|NO_COLOR)/.test(name),
  ),
)

/** Where it is for all; a cold one makes every start slow. */
const COMPILE_CACHE = process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'node-compile-cache')

/** An application that answers with what it saw. */
export const ECHO = `export default (environ, startResponse) => {
  startResponse(200, ['content-type', 'application/json'])
  const { input, errors, server, ...data } = environ
  return JSON.stringify({ ...data, nodeEnv: process.env.NODE_ENV, greeting: process.env.GREETING })
}`

/** What a test that ran out of time has left running. */
const running = new Set<Running>()
afterEach(async () => {
  for (const tsgi of running) await tsgi[Symbol.asyncDispose]()
})

/** A folder with these files. */
export class Folder implements Disposable {
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), 'tsgi-cli-')))

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.write({ 'package.json': '{"type":"module"}', ...files })
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.file(name)), { recursive: true })
      writeFileSync(this.file(name), text)
    }
  }

  file(name: string): string {
    return join(this.path, name)
  }

  /** Starts `tsgi` here. */
  tsgi(args: readonly string[], env: NodeJS.ProcessEnv = {}, options: SpawnOptions = {}): Running {
    // After `--`, because Node itself takes any --env-file that it sees.
    return this.program(process.execPath, ['--', BIN, ...args], env, options)
  }

  /** Starts another program here. */
  program(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, options: SpawnOptions = {}): Running {
    // What a killed server leaves in the folder for temporary files goes with this one.
    const places = { TMPDIR: this.path, NODE_COMPILE_CACHE: COMPILE_CACHE }
    return new Running(command, args, { cwd: this.path, env: { ...CLEAN, ...places, ...env }, ...options })
  }

  /** Runs `tsgi` here to its end. */
  async run(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
    await using running = this.tsgi(args, env)
    const exitCode = await running.exit
    return { exitCode, stdout: running.stdout, stderr: running.stderr }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

export class Running implements AsyncDisposable {
  readonly child: ChildProcess
  /** The exit code; `null` where a signal ended it. */
  readonly exit: Promise<number | null>
  stdout = ''
  stderr = ''
  /** Resolves at the next sign of life, or of death. */
  #news = Promise.withResolvers<void>()
  #ended = false

  constructor(command: string, args: readonly string[], options: SpawnOptions) {
    this.child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
      this.#wake()
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
      this.#wake()
    })
    this.exit = once(this.child, 'close').then(([code]) => code as number | null)
    running.add(this)
    void this.exit.then(() => {
      running.delete(this)
      this.#ended = true
      this.#wake()
    })
  }

  #wake(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }

  /** Waits until the command has said this, at least `times` times. */
  async said(pattern: RegExp, times = 1): Promise<RegExpMatchArray> {
    const every = new RegExp(pattern, `${pattern.flags.replace('g', '')}g`)
    for (;;) {
      const { promise } = this.#news
      const wanted = [...`${this.stderr}\n${this.stdout}`.matchAll(every)][times - 1]
      if (wanted !== undefined) return wanted
      if (this.#ended) throw new Error(`tsgi ended without saying ${pattern}:\n${this.stderr}${this.stdout}`)
      await promise
    }
  }

  /** Where it listens, once it does: `http://127.0.0.1:40123`. */
  async url(times = 1): Promise<string> {
    return (await this.said(/listening on (http:\/\/[^/"]+)\//, times))[1] as string
  }

  async get(path: string, init?: RequestInit): Promise<Response> {
    return fetch((await this.url()) + path, init)
  }

  /** What {@link ECHO} saw of a request. */
  async echo(path: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
    return (await (await this.get(path, { headers })).json()) as Record<string, unknown>
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  async stop(name: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.signal(name)
    return this.exit
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.child.kill('SIGKILL')
    await this.exit
  }
}
