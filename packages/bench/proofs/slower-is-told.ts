/**
 * Proof on the machine that it is run on: two runs of one pairing compare as a tie, and a server that is slowed by a fifth on
 * purpose is called slower. Exit code 1 where either is not so. Takes about seven minutes:
 *
 *     node --conditions=source packages/bench/proofs/slower-is-told.ts [rounds]
 */
import { fileURLToPath } from 'node:url'
import { compareReports, comparisonText, runBench, type BenchResult } from '@tsgi/bench'

const ROUNDS = Number(process.argv[2] ?? 25)
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

async function run(slowedBy: number): Promise<BenchResult> {
  process.env['SLOWED_BY'] = String(slowedBy)
  const options = { apps: [here('app.ts')], servers: [here('slowed-server.ts'), 'own'], rounds: ROUNDS }
  return await runBench(
    { ...options, workloads: ['/'], duration: 0.2, latency: ['none'], seed: 1 + 100 * slowedBy },
    {
      line: (text) => void process.stderr.write(`${text}\n`),
      progress: (text) => void (process.stderr.isTTY && process.stderr.write(`\r\u001B[K${text}`)),
    },
  )
}

const [first, second, slowed] = [await run(0), await run(0), await run(0.2)]
const verdictOf = (before: BenchResult, after: BenchResult): string | undefined => {
  const comparison = compareReports(before, after)
  process.stdout.write(comparisonText(comparison))
  return comparison.differences.find(({ by }) => by === 'ratio')?.verdict
}
process.stdout.write('The same twice:\n')
const same = verdictOf(first, second)
process.stdout.write('Slowed by a fifth:\n')
const different = verdictOf(first, slowed)
process.exitCode = same === 'tie' && different === 'slower' ? 0 : 1
