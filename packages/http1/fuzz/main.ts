/**
 * `pnpm fuzz`: ten minutes of it, from a seed of the day.
 *
 *     FUZZ_SECONDS=60 FUZZ_SEED=1 pnpm fuzz    for so long, from this seed
 *     FUZZ_KEEP=1 pnpm fuzz                    and keeps what took a new way through the parser, shortest first
 */
import { readCorpus, writeCorpus } from './corpus.ts'
import { fuzz } from './fuzz.ts'

const seconds = Number(process.env['FUZZ_SECONDS'] ?? 600)
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Date.now() / 1000))
/** Of what joins the corpus in one run. */
const KEPT = 100
const SHOWN = 20_000

const end = performance.now() + seconds * 1000
console.log(`fuzzing the parser for ${seconds} s from seed ${seed}`)
const result = await fuzz(readCorpus(), {
  seed,
  goesOn: () => performance.now() < end,
  progress: (inputs, kinds) => void (inputs % SHOWN === 0 && console.log(`${inputs} inputs, ${kinds} kinds`)),
})
console.log(`${result.inputs} inputs, ${result.kinds} kinds, ${result.added.length} of them new`)
if (result.finding !== null) {
  console.error(
    `\nfound, from seed ${seed}: ${result.finding.message}\n\nwith\n${JSON.stringify(result.finding.input)}`,
  )
  process.exitCode = 1
} else if (process.env['FUZZ_KEEP'] !== undefined) {
  const kept = result.added.toSorted((a, b) => a.length - b.length).slice(0, KEPT)
  writeCorpus([...readCorpus(), ...kept])
  console.log(`${kept.length} kept in the corpus`)
}
