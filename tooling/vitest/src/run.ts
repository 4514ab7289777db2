/**
 * Tests the workspace in one vitest process.
 *
 *     node tooling/vitest/src/run.ts [quick|slow|all|nightly] [--filter=…]… [--affected] [--record]
 *
 * What each file cost is written to test-results. `--filter` and `--affected` select packages as turbo does.
 * A whole run of the quick tier is compared with budget.json; `--record` writes that file from what the run took. The last line is "N passed, N failed, N skipped".
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startVitest } from 'vitest/node'
import { overBudget, readShares, recordShares } from './budget.ts'
import { leftOut } from './left-out.ts'
import { Progress } from './progress.ts'
import { projectsOf, WORKERS, type TestedPackage } from './projects.ts'
import { isTier } from './tiers.ts'
import { ROOT, testedPackages } from './workspace.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { filter: { type: 'string', multiple: true }, affected: { type: 'boolean' }, record: { type: 'boolean' } },
})
const [tier = 'quick', ...files] = positionals
if (!isTier(tier)) throw new Error(`expected quick, slow, all or nightly, got "${tier}"`)

process.env.PATH = [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
const packages = selected()
const progress = new Progress((line) => console.log(line))
const vitest = await startVitest('test', files, {
  root: ROOT,
  config: false,
  watch: false,
  passWithNoTests: true,
  maxWorkers: WORKERS,
  reporters: [progress],
  projects: packages.flatMap((tested) => projectsOf(tested, tier)),
})
// A process that a test left behind may hold the pipes of its worker open; the results are there, so nothing waits for it.
await Promise.race([vitest.close(), setTimeout(30_000, undefined, { ref: false })])

const results = join(ROOT, 'test-results')
mkdirSync(results, { recursive: true })
writeFileSync(join(results, `${tier}.json`), JSON.stringify(progress.files, null, 1))

for (const { where, why } of progress.failures) console.log(`\n✗ ${where}\n${why}`)
if (tier === 'quick') console.log(leftOut(packages))
const whole = tier === 'quick' && values.filter === undefined && values.affected !== true
if (whole && values.record === true) recordShares(progress.files)
const over = whole ? overBudget(progress.files, readShares()) : []
for (const sentence of over) console.log(`\n✗ over budget: ${sentence}`)
const { passed, skipped } = progress.counts
const failed = progress.counts.failed + over.length
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed === 0 ? 0 : 1)

function selected(): TestedPackage[] {
  const selectors = [
    ...(values.filter ?? []).map((filter) => `--filter=${filter}`),
    ...(values.affected === true ? ['--affected'] : []),
  ]
  const tested = testedPackages()
  if (selectors.length === 0) return tested
  const listed: { packages: { items: { name: string }[] } } = JSON.parse(
    execFileSync('turbo', ['ls', '--output=json', ...selectors], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )
  const names = new Set(listed.packages.items.map(({ name }) => name))
  return tested.filter(({ name }) => names.has(name))
}
