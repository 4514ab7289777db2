import { spawnSync } from 'node:child_process'
import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinned } from '../running/processors.ts'
import type { Workload } from '../workloads/workload.ts'
import { HeldLoad, type Outcome } from './held-load.ts'
import { onTheWire, requestsOf } from './requests.ts'

export interface LoadOptions {
  readonly port: number
  readonly workload: Workload
  readonly seed: number
  readonly connections: number
  /** For a file of requests. */
  readonly folder: string
  readonly processors: string | null
  /** One for each of these processors. */
  readonly threads: number
  /** Seconds after which it ends by itself, should nobody end it. */
  readonly limit: number
}

/** The version line of wrk, or `null` where it is not installed. */
export function wrkVersion(): string | null {
  const { stdout, error } = spawnSync('wrk', ['-v'], { encoding: 'utf8' })
  return error === undefined ? (/^wrk (\S+)/.exec(stdout)?.[1] ?? 'unknown') : null
}

const SCRIPT: string = fileURLToPath(new URL('../../assets/wrk-requests.lua', import.meta.url))
/** Held still, a loop cannot take an answer: its patience must outlast the turns of all others. Seconds. */
const PATIENCE = 60

export async function wrkLoad(options: LoadOptions): Promise<HeldLoad> {
  const { port, workload, connections, limit } = options
  const file = join(options.folder, `requests-${port}`)
  const requests = onTheWire(requestsOf(workload, options.seed), `127.0.0.1:${port}`, workload)
  await writeFile(file, Buffer.concat(requests.flatMap(({ bytes }) => [Buffer.from(`${bytes.length}\n`), bytes])))
  const depth = String(workload.pipeline ?? 1)
  // Each has a connection at least.
  const threads = Math.min(options.threads, connections)
  const command = ['wrk', `-t${threads}`, `-c${connections}`, `-d${limit}`, `--timeout`, `${PATIENCE}`, '-s', SCRIPT]
  const target = [`http://127.0.0.1:${port}`, '--', file, depth, String(threads)]
  return await HeldLoad.start(
    pinned(options.processors, [...command, ...target]),
    threads,
    readOutput,
    async (child) => {
      // The script takes the file away once it has read it.
      while (child.exitCode === null && (await exists(file))) await new Promise((resolve) => setTimeout(resolve, 1))
    },
  )
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/** @throws Error for what is no output of wrk */
export function readOutput(output: string): Outcome {
  const [, requests] = /(\d+) requests in [\d.]+(?:us|ms|s|m|h),/.exec(output) ?? []
  if (requests === undefined) {
    throw new Error(`expected wrk to say how many requests it made; it said ${JSON.stringify(output.slice(0, 300))}`)
  }
  const failed = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0)
  const socketErrors = [...(/Socket errors: (.*)/.exec(output)?.[1] ?? '').matchAll(/(\d+)/g)]
  const errors = failed + socketErrors.reduce((sum, [count]) => sum + Number(count), 0)
  const trouble = [...output.matchAll(/^ *(?:Non-2xx|Socket errors).*$/gm)].map(([line]) => line.trim()).join(', ')
  return { requests: Number(requests), errors, trouble: trouble === '' ? null : trouble }
}
