/**
 * Plants faults and says which the kit and the grid notice; the list of those that they do not is written to survivors.json.
 *
 *     node --conditions=source mutants/main.ts [seed, 1] [count, 50]
 */
import { writeFileSync } from 'node:fs'
import { nameOf } from './mutate.ts'
import { tryMutants } from './run.ts'

const [seed = 1, count = 50] = process.argv.slice(2).map(Number)
const verdicts = await tryMutants(count, seed, ({ mutant, caught }) => {
  console.log(`${caught === null ? 'survived' : 'caught  '} ${nameOf(mutant)}\n    ${caught ?? ''}`)
})
const survivors = verdicts.filter(({ caught }) => caught === null).map(({ mutant }) => nameOf(mutant))
writeFileSync(
  new URL('survivors.json', import.meta.url),
  `${JSON.stringify({ seed, count, survivors: survivors.toSorted() }, null, 2)}\n`,
)
console.log(`caught ${verdicts.length - survivors.length} of ${verdicts.length}`)
