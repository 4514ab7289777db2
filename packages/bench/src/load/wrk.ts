import { execFile, spawnSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pinned } from '../running/processors.ts'
import type { Workload } from '../workloads/workload.ts'
import type { CeilingResult } from './ceiling.ts'
import { onTheWire, requestsOf } from './requests-of.ts'

export interface WrkOptions {
  readonly port: number
  readonly workload: Workload
  readonly seed: number
  readonly connections: number
  /** Whole seconds, which is what wrk takes. */
  readonly seconds: number
  /** For a file of requests. */
  readonly folder: string
  readonly processors: string | null
}

/** The version line of wrk, or `null` where it is not installed. */
export function wrkVersion(): string | null {
  const { stdout, error } = spawnSync('wrk', ['-v'], { encoding: 'utf8' })
  return error === undefined ? (/^wrk (\S+)/.exec(stdout)?.[1] ?? 'unknown') : null
}

const SCRIPT: string = fileURLToPath(new URL('../../assets/wrk-requests.lua', import.meta.url))

export async function wrkCeiling(options: WrkOptions): Promise<CeilingResult> {
  const { port, workload, connections, seconds } = options
  const file = join(options.folder, `requests-${port}`)
  const requests = onTheWire(requestsOf(workload, options.seed), `127.0.0.1:${port}`, workload)
  await writeFile(file, Buffer.concat(requests.flatMap(({ bytes }) => [Buffer.from(`${bytes.length}\n`), bytes])))
  const depth = String(workload.pipeline ?? 1)
  const parameters = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}`,
    '-s',
    SCRIPT,
    `http://127.0.0.1:${port}`,
    '--',
    file,
    depth,
  ]
  // The shell's `times` tells what its child, wrk, took of the processor.
  const command = ['sh', '-c', 'wrk "$@" && times', 'wrk', ...parameters]
  try {
    const [program, ...rest] = pinned(options.processors, command)
    return readOutput((await promisify(execFile)(program, rest)).stdout)
  } finally {
    await rm(file, { force: true })
  }
}

/** @throws Error for what is no output of wrk */
export function readOutput(output: string): CeilingResult {
  const [, requests, amount, unit] = /(\d+) requests in ([\d.]+)(us|ms|s|m|h),/.exec(output) ?? []
  if (requests === undefined || amount === undefined || unit === undefined) {
    throw new Error(`expected wrk to say how many requests it made; it said ${JSON.stringify(output.slice(0, 300))}`)
  }
  const elapsed = Number(amount) * (SECONDS[unit] ?? 1)
  const failed = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0)
  const socketErrors = [...(/Socket errors: (.*)/.exec(output)?.[1] ?? '').matchAll(/(\d+)/g)]
  const errors = failed + socketErrors.reduce((sum, [count]) => sum + Number(count), 0)
  const trouble = [...output.matchAll(/^ *(?:Non-2xx|Socket errors).*$/gm)].map(([line]) => line.trim()).join(', ')
  return {
    requests: Number(requests),
    elapsed,
    errors,
    trouble: trouble === '' ? null : trouble,
    generatorBusy: busy(output, elapsed),
  }
}

const SECONDS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/** User and system time of the shell's children: the second of the two lines that `times` writes. */
function busy(output: string, elapsed: number): number {
  const lines = [...output.matchAll(/^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$/gm)]
  const [, ...numbers] = (lines[1] ?? []).map(Number)
  const [userMinutes = 0, user = 0, systemMinutes = 0, system = 0] = numbers
  return (userMinutes * 60 + user + systemMinutes * 60 + system) / elapsed
}
