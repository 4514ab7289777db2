/** One application served by the real command, for the time of a test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/tsgi.js', import.meta.url))
const APPLICATIONS = fileURLToPath(new URL('applications', import.meta.url))

export interface Served {
  readonly url: string
  /** What it wrote to standard error. */
  readonly log: () => string
  /** Resolves once the log has this text. @throws Error where the server ends without it */
  logs(text: string): Promise<void>
}

/** @throws Error with what it wrote, where it ends without listening */
export async function served(
  file: string,
  server: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const { PORT: _port, ...inherited } = process.env
  const args = [
    '--',
    BIN,
    'serve',
    file,
    '--server',
    server,
    '--port',
    '0',
    ...(server === 'cluster' ? ['-w', '1'] : []),
  ]
  const child = spawn(process.execPath, args, {
    cwd: APPLICATIONS,
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => end(child))
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const until = async (found: () => boolean): Promise<void> => {
    while (!found()) {
      if (child.exitCode !== null) throw new Error(`the server ended: ${log}`)
      await Promise.race([once(child.stderr, 'data'), once(child, 'close')])
    }
  }
  const address = (): string | undefined => /listening on (http:\/\/[^/"]+)\//.exec(log)?.[1]
  await until(() => address() !== undefined)
  return { url: address() as string, log: () => log, logs: (text) => until(() => log.includes(text)) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
