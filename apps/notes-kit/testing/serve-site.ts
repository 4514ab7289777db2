import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ServeSiteOptions {
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

/** Serves a site as people do, by `tsgi serve` on a free port of this machine. */
export async function serveSite(app: URL, options: ServeSiteOptions = {}): Promise<ServedSite> {
  const { server = 'event-loop', staticFiles = true, flags = [], environment = {} } = options
  const files = staticFiles ? ['--static', `/static=${STATIC}`] : []
  const served = ['serve', fileURLToPath(app), '--port', '0', '--server', server, ...files, ...flags]
  const command = spawn(process.execPath, [COMMAND, ...served], {
    env: { ...process.env, NODE_ENV: undefined, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const exited = new Promise<void>((resolve) => command.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    const read = (text: string): void => {
      log += text
      const announced = /listening on (http:\/\/[^\s"]+)/.exec(log)
      if (announced) resolve(announced[1] as string)
    }
    command.stdout.setEncoding('utf8').on('data', read)
    command.stderr.setEncoding('utf8').on('data', read)
    command.once('exit', (code) => reject(new Error(`tsgi serve ended with ${code}:\n${log}`)))
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
