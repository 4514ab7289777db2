import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

export interface Site {
  /** With a slash at its end. */
  readonly url: string
  readonly pid: number
  /** All it has said so far. */
  readonly output: () => string
  /** Ends it as a deploy would, and gives back its exit code. */
  readonly stop: () => Promise<number | null>
}

/** The command ended before it listened. */
export class SiteEnded extends Error {
  readonly code: number | null
  readonly output: string
  constructor(code: number | null, output: string) {
    super(`tsgi serve ended with ${code}:\n${output}`)
    this.code = code
    this.output = output
  }
}

/** Serves the site by the real command, on a free port; rejects with what it said when it ends instead. */
export async function serveSite(guestbook: string, ...flags: readonly string[]): Promise<Site> {
  const args = [
    at('node_modules/tsgi/bin/tsgi.js'),
    'serve',
    at('app.ts'),
    '--static',
    at('html'),
    '--port',
    '0',
    ...flags,
  ]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, GUESTBOOK_DB: guestbook },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const listening = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const url = /listening on (http:\/\/[^\s"]+)/.exec(output)?.[1]
      if (url !== undefined) listening.resolve(url)
    })
  }
  // After `close` rather than `exit`: by then all it said has been read.
  const ended = once(child, 'close').then(([code]) => code as number | null)
  void ended.then((code) => listening.reject(new SiteEnded(code, output)))
  const url = await listening.promise
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}
