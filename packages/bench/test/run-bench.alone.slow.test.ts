/** Real runs of small applications: what is measured, what is refused, and what an interruption leaves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { terminalReport } from '../src/report/terminal.ts'
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
  test('an interrupted run has the rounds that were finished, with figures', { timeout: 60_000 }, async () => {
    const { result, lines, progress } = await run({ apps: ['good.mjs'] }, 'round 2')
    expect(result).toMatchObject({ format: 'tsgi-bench/1', interrupted: true, settings: { rounds: 5, connections: 8 } })
    expect(lines[0]).toMatch(/^2 rows × 5 rounds, about .* indicative/)
    expect(progress[0]).toMatch(/^round 1 of 5 · \/ · warming of good\.mjs on event-loop.* · .* left$/)
    expect(result.rows.map(({ twinOf }) => twinOf)).toEqual([null, result.rows[0]?.id])
    for (const { rounds, failure } of result.rows) {
      expect(failure).toBeNull()
      expect(rounds).toHaveLength(1)
      const [round] = rounds
      expect(round?.errors).toBe(0)
      // How busy the load was, and whether that voids the round, depends on the machine.
      expect(round?.voided.filter((reason) => !reason.startsWith('the generator used'))).toEqual([])
      expect(round?.requests).toBeGreaterThan(100)
      expect(round?.cold?.requests).toBe(1000)
      if (process.platform === 'linux') {
        expect(round?.cpu).toBeGreaterThan(1)
        expect(round?.cpu).toBeLessThan(1000)
        expect(round?.peakMemory).toBeGreaterThan(20e6)
      }
    }
    expect(terminalReport(result)).toContain('Interrupted')
  })

  test('pairings that fail are rows that say so, and the others go on', { timeout: 120_000 }, async () => {
    const apps = ['good.mjs', 'dies.mjs', 'missing.mjs', 'fails.mjs']
    const { result, lines } = await run({ apps }, 'round 2')
    const failures = Object.fromEntries(
      result.rows.filter(({ twinOf }) => twinOf === null).map(({ app, failure }) => [app, failure]),
    )
    expect(failures['good.mjs']).toBeNull()
    expect(failures['dies.mjs']).toMatch(/died under load \(SIGKILL\)|answers wrongly/)
    expect(failures['missing.mjs']).toContain('expected a status below 400 for /; came 404')
    expect(failures['fails.mjs']).toContain('no database')
    expect(result.rows[0]?.rounds).toHaveLength(1)
    expect(lines.join('\n')).toContain('failed: missing.mjs on event-loop · /: answers wrongly before any load')
  })
})
