/** Real runs of small applications: what is measured, what is refused, and what an interruption leaves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InputError } from '../src/input-error.ts'
import type { BenchOptions } from '../src/running/plan.ts'
import { runBench } from '../src/running/run-bench.ts'
import { APPS } from './run-bench-setup.ts'

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'tsgi-bench-test-'))
  for (const [name, source] of Object.entries(APPS)) await writeFile(join(cwd, name), source)
})
afterAll(() => rm(cwd, { recursive: true }))

/** Runs until a round begins, and is then interrupted as by Ctrl-C. */
async function run(options: BenchOptions, until: string) {
  const interruption = new AbortController()
  const lines: string[] = []
  const progress: string[] = []
  const result = await runBench(
    { cwd, servers: ['event-loop'], duration: 1, rounds: 5, connections: 8, ...options, signal: interruption.signal },
    {
      line: (text) => void lines.push(text),
      progress(text) {
        progress.push(text)
        if (text.startsWith(until)) interruption.abort(new Error('interrupted'))
      },
    },
  )
  return { result, lines, progress }
}

describe('a run of small applications', () => {
  test.each<[string, BenchOptions, string]>([
    ['a duration of nothing', { duration: 0 }, '--duration: expected seconds, 0.1 or more; came 0'],
    ['too few rounds', { rounds: 2 }, '--rounds: expected a whole number, 5 or more'],
    ['no connection', { connections: Number.NaN }, '--connections: expected a whole number, 1 or more'],
    [
      'latency of what is not measured',
      { latency: ['json'] },
      '--latency: expected workloads of this run, all or none',
    ],
    ['an unknown workload', { workloads: ['plain'] }, 'expected a workload: plaintext,'],
    ['an unknown server', { servers: ['apache'] }, 'expected a server: all, event-loop'],
    ['an unknown app', { apps: ['rails'] }, 'expected an app: raw, mini'],
    ['a pairing that has not the workload', { apps: ['good.mjs'], workloads: ['json'] }, 'none of the chosen pairings'],
  ])('%s is refused before anything is started', async (_what, options, message) => {
    const refused = run(options, 'round 1')
    await expect(refused).rejects.toThrow(InputError)
    await expect(refused).rejects.toThrow(message)
  })
})
