/**
 * A reader who has Node and a package manager, and does what a README says in an empty folder.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Step } from './readme.ts'

export type Manager = 'npm' | 'pnpm'

export interface Newcomer {
  readonly manager: Manager
  /** Folders with `node`, `npm` and `pnpm`, before the system's own. */
  readonly path: string
  readonly registry: string
  /** npm's own, so that no lock of another npm on this machine is waited for. */
  readonly cache: string
}

/** What a command did, for the report. */
export interface Done {
  readonly command: string
  readonly seconds: number
  readonly output: string
}

const COMMAND_LIMIT = 300_000

/** How this machine reaches registries; of the rest of the environment a newcomer has nothing. */
function network(): Record<string, string | undefined> {
  // npm finds its global configuration beside its Node, so that one beside another Node has none.
  const authorities = execFileSync('npm', ['config', 'get', 'cafile'], { encoding: 'utf8', cwd: tmpdir() }).trim()
  return {
    ...(authorities === 'null' ? {} : { npm_config_cafile: authorities, NODE_EXTRA_CA_CERTS: authorities }),
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) =>
        /^(?:https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/i.test(name),
      ),
    ),
  }
}

let found: Record<string, string | undefined> | undefined

/**
 * Follows the steps in a folder of its own.
 *
 * @throws Error for the first command that fails, with its output
 */
export async function follow(
  newcomer: Newcomer,
  steps: readonly Step[],
  skip: (line: string) => boolean,
): Promise<readonly Done[]> {
  await using terminal = new Terminal(newcomer)
  await terminal.run('npm init -y')
  // Files first: the reader has read the page before running anything on it.
  for (const step of steps) if (step.kind === 'file') terminal.write(step.path, step.content)
  for (const step of steps) {
    if (step.kind !== 'commands') continue
    for (const line of step.lines) if (!skip(line)) await terminal.run(line)
    await terminal.stopServer()
    terminal.home()
  }
  return terminal.done
}

/** Commands whose server stays until the next one starts, or the block ends. */
const SERVES = /(?:^|\s)(?:tsgi (?:serve|dev)\b|npm run dev\b|npm start\b)/

/** An empty folder, and the commands that run in it. */
export class Terminal implements AsyncDisposable {
  readonly done: Done[] = []
  readonly #newcomer: Newcomer
  readonly #home: string
  #folder: string
  #server: Running | null = null

  constructor(newcomer: Newcomer) {
    this.#newcomer = newcomer
    this.#home = this.#folder = mkdtempSync(join(tmpdir(), 'tsgi-newcomer-'))
  }

  /** @throws Error where the command fails, or serves nothing, with its output */
  async run(line: string): Promise<void> {
    const [, into] = /^cd (\S+)$/.exec(line) ?? []
    if (into !== undefined) {
      this.#folder = join(this.#folder, into)
      return
    }
    const started = performance.now()
    const command = inManager(line, this.#newcomer.manager)
    if (SERVES.test(line)) await this.stopServer()
    const running = new Running(command, this.#folder, this.#newcomer)
    if (SERVES.test(line)) {
      this.#server = running
      await this.page()
    } else await running.success()
    this.done.push({ command, seconds: (performance.now() - started) / 1000, output: running.output })
  }

  /** Back to the folder that this began in. */
  home(): void {
    this.#folder = this.#home
  }

  write(path: string, content: string): void {
    const file = join(this.#folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }

  read(path: string): string {
    return readFileSync(join(this.#folder, path), 'utf8')
  }

  /** What the server that runs answers. */
  async page(path: string = ''): Promise<string> {
    if (this.#server === null) throw new Error('expected a command that serves, got none')
    const response = await fetch((await this.#server.address(1)) + path)
    const text = await response.text()
    if (response.status >= 500) throw new Error(`${response.url} answers ${response.status}: ${text}`)
    return text
  }

  /** Writes a file of the application that runs, and waits until its server has started again. */
  async change(path: string, content: string): Promise<void> {
    this.write(path, content)
    await this.#server?.address(2)
  }

  async stopServer(): Promise<void> {
    await this.#server?.stop()
    this.#server = null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopServer()
    rmSync(this.#home, { recursive: true, force: true })
  }
}

/** The same command for another package manager. */
function inManager(line: string, manager: Manager): string {
  if (manager === 'npm') return line
  return line
    .replace(/^npm init -y$/, 'pnpm init')
    .replace(/^npm create (\S+ \S+) --(?= )/, 'pnpm create $1')
    .replace(/^npm install(?= )/, 'pnpm add')
    .replace(/^npm run(?= )/, 'pnpm')
    .replace(/^npm(?= )/, 'pnpm')
    .replaceAll(/\bnpx(?= )/g, 'pnpm exec')
}

/** @throws Error where the command fails, with its output */
export const runAsNewcomer = (command: string, folder: string, newcomer: Newcomer): Promise<void> =>
  new Running(command, folder, newcomer).success()

class Running {
  readonly #command: string
  readonly #child
  readonly #exit: Promise<number>
  output = ''

  constructor(command: string, cwd: string, { path, registry, cache }: Newcomer) {
    this.#command = command
    // A process group of its own, which the terminal would have as well.
    this.#child = spawn('sh', ['-c', command], {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: path,
        ...(found ??= network()),
        HOME: process.env['HOME'],
        npm_config_cache: cache,
        TMPDIR: process.env['TMPDIR'],
        CI: 'true',
        npm_config_registry: registry,
        pnpm_config_registry: registry,
        // Answers of the registry that are in the cache are as good as new ones for as long as a test takes.
        npm_config_prefer_offline: 'true',
        pnpm_config_prefer_offline: 'true',
        pnpm_config_pm_on_fail: 'ignore',
        npm_config_update_notifier: 'false',
        npm_config_fund: 'false',
        npm_config_audit: 'false',
        // The answer to "Ok to proceed?".
        npm_config_yes: 'true',
        // Examples serve on port 3000, which others may have here.
        TSGI_PORT: '0',
      },
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    }
    this.#exit = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => resolve(signal === null ? (code ?? 1) : 128)),
    )
  }

  async success(): Promise<void> {
    const limit = setTimeout(() => this.#signal('SIGKILL'), COMMAND_LIMIT)
    const code = await this.#exit
    clearTimeout(limit)
    if (code !== 0) throw this.#failure(`exited with ${code}`)
  }

  /** Where it listens, by what it says for the first time, the second and so on. */
  async address(time: number): Promise<string> {
    return await new Promise((resolve, reject) => {
      const look = (): void => {
        const url = this.output.match(/http:\/\/127\.0\.0\.1:\d+\//g)?.[time - 1]
        if (url !== undefined) resolve(url)
      }
      this.#child.stdout.on('data', look)
      this.#child.stderr.on('data', look)
      void this.#exit.then((code) => reject(this.#failure(`exited with ${code} before it listened`)), reject)
      look()
    })
  }

  async stop(): Promise<void> {
    this.#signal('SIGINT')
    const limit = setTimeout(() => this.#signal('SIGKILL'), 30_000)
    await this.#exit
    clearTimeout(limit)
  }

  #signal(name: NodeJS.Signals): void {
    try {
      process.kill(-(this.#child.pid as number), name)
    } catch {
      // It has ended.
    }
  }

  #failure(what: string): Error {
    return new Error(`${this.#command} ${what}\n${this.output}`)
  }
}
