/** Load as wrk makes it: as fast as the server answers, until it is told to stop. */
import { spawn, spawnSync } from 'node:child_process'
import { onTestEnd } from './subject.ts'

export const hasWrk: boolean = spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error === undefined

export interface WrkResult {
  readonly answered: number
  /** Answers other than 2xx and 3xx, failed connects, reads and writes, and answers that never came. */
  readonly failed: number
  readonly report: string
}

export interface Wrk {
  stop(): Promise<WrkResult>
}

const LONGEST = '600s'
const PATIENCE = '60s'

/** @param fields such as `connection: close`, for a connection for each request */
export function wrk(url: string, connections: number, ...fields: readonly string[]): Wrk {
  const headers = fields.flatMap((field) => ['-H', field])
  const args = ['-t1', `-c${connections}`, `-d${LONGEST}`, '--timeout', PATIENCE, ...headers, url]
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let report = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (report += text))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  onTestEnd(() => child.kill('SIGKILL'))
  return {
    async stop() {
      // It stops, and says what came of it.
      child.kill('SIGINT')
      await ended
      const answered = Number(/(\d+) requests in/.exec(report)?.[1])
      const errors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(report)?.slice(1) ?? []
      const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1] ?? 0)
      return { answered, failed: errors.map(Number).reduce((sum, count) => sum + count, refused), report }
    },
  }
}
