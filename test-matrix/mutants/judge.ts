/**
 * A process that runs suites of `TSGI_SUITES` and prints, as JSON, what passed of each; with `TSGI_EXPECTED`, what passed
 * without a mutant, it ends at the first that does not pass now.
 */
import type { Behaviour } from '@tsgi/conformance'
import { openSuite } from './suites.ts'

/** By suite, the ids of behaviours. */
export type Passed = Readonly<Record<string, readonly string[]>>

/** What a process reports. */
export interface Judgement {
  readonly passed: Passed
  /** The first that should have passed and did not. */
  readonly caught: string | null
}

const suites: readonly string[] = JSON.parse(process.env['TSGI_SUITES'] ?? '[]')
const expected: Passed | null = JSON.parse(process.env['TSGI_EXPECTED'] ?? 'null')
const passed: Record<string, string[]> = {}
let caught: string | null = null

// The process that started this one is gone.
process.once('disconnect', () => process.exit(1))

for (const name of suites) {
  caught = await runSuite(name)
  if (caught !== null) break
}
// The last thing that this process does.
process.stdout.write(`${JSON.stringify({ passed, caught } satisfies Judgement)}\n`, () => process.exit(0))

/** @returns what failed, twice */
async function runSuite(name: string): Promise<string | null> {
  const { session, behaviours } = await openSuite(name, 2)
  const own: string[] = (passed[name] = [])
  const wanted = new Set(expected?.[name])
  let found: string | null = null
  for (const behaviour of behaviours) {
    if (expected !== null && !wanted.has(behaviour.id)) continue
    const outcome = await session.outcome(behaviour)
    // One more is done.
    process.stdout.write('.\n')
    if (outcome.kind === 'passed') own.push(behaviour.id)
    else if (wanted.has(behaviour.id)) found = await again(name, behaviour)
    if (found !== null) break
  }
  await session.close()
  return found
}

/** By itself, on a server of its own, and with time: what fails on a busy machine alone passes now, or once more. */
async function again(name: string, { id }: Behaviour): Promise<string | null> {
  let failed: string | null = null
  for (let attempt = 0; attempt < 2; attempt++) {
    const { session, behaviours } = await openSuite(name, 6)
    const behaviour = behaviours.find((one) => one.id === id)
    if (behaviour === undefined) throw new Error(`${name} has no behaviour ${id}`)
    const outcome = await session.outcome(behaviour)
    await session.close()
    process.stdout.write('.\n')
    if (outcome.kind === 'passed') return null
    const why = outcome.kind === 'failed' ? `expected ${outcome.failure.expected}, got ${outcome.failure.got}` : ''
    failed = `${name}: ${id} ${outcome.kind} ${why}`.trimEnd()
  }
  return failed
}
