import { execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface ServeSiteOptions {
  /** The folder that the server runs in. */
  readonly cwd?: string
  /** `event-loop`, `cluster` or `process`. */
  readonly server?: string
  /** Lets `tsgi` serve the shared stylesheet; a site that does so itself says false. Default true. */
  readonly staticFiles?: boolean
  /** Further flags of `tsgi serve`. */
  readonly flags?: readonly string[]
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export interface ServedSite {
  readonly url: string
  /** All that the server has written so far. */
  log(): string
  stop(): Promise<void>
}

const COMMAND = fileURLToPath(new URL('../../../packages/cli/bin/tsgi.js', import.meta.url))
const STATIC = fileURLToPath(new URL('../static', import.meta.url))

/**
 * Serves a site as people do, by `tsgi serve` on a free port of this machine.
 *
 * @param app a file, or a name such as `python:notes.wsgi:application`
 */
export async function serveSite(app: URL | string, options: ServeSiteOptions = {}): Promise<ServedSite> {
  const { server = 'event-loop', staticFiles = true, flags = [], environment = {} } = options
  const files = staticFiles ? ['--static', `/static=${STATIC}`] : []
  const name = typeof app === 'string' ? app : fileURLToPath(app)
  const served = ['serve', name, '--port', '0', '--server', server, ...files, ...flags]
  return startServer(process.execPath, [COMMAND, ...served], { cwd: options.cwd, environment })
}

/**
 * Starts a program that serves a site, and waits until it says where.
 *
 * @throws Error with what it wrote, where it ends instead
 */
export async function startServer(
  program: string,
  args: readonly string[],
  { cwd, environment = {} }: { readonly cwd: string | undefined } & Pick<ServeSiteOptions, 'environment'>,
): Promise<ServedSite> {
  const command = spawn(program, args, {
    cwd,
    env: { ...process.env, NODE_ENV: undefined, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const exited = new Promise<void>((resolve) => command.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    const read = (text: string): void => {
      log += text
      const announced = /listening (?:on|at:) (http:\/\/[^\s"]+)/i.exec(log)
      if (announced) resolve(announced[1] as string)
    }
    command.stdout.setEncoding('utf8').on('data', read)
    command.stderr.setEncoding('utf8').on('data', read)
    command.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${log}`)))
  })
  return {
    url,
    log: () => log,
    async stop() {
      command.kill('SIGTERM')
      await exited
    },
  }
}

/** What `tsgi check` finds in a site at these paths: its last line. */
export async function checkSite(
  app: URL | string,
  paths: readonly string[],
  { cwd, environment = {} }: Pick<ServeSiteOptions, 'cwd' | 'environment'> = {},
): Promise<string> {
  const args = [COMMAND, 'check', typeof app === 'string' ? app : fileURLToPath(app), ...paths]
  const env = { ...process.env, NODE_ENV: undefined, ...environment }
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env })
  return stdout.trimEnd().split('\n').at(-1) ?? ''
}
