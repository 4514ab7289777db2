/** Writes the options into the README: `pnpm --filter tsgi docs`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { optionsTable } from '../src/settings/options-table.ts'

const file = new URL('../README.md', import.meta.url)
const readme = readFileSync(file, 'utf8')
writeFileSync(
  file,
  readme.replace(/(?<=<!-- options -->\n)[^]*(?=<!-- end of options -->)/, () => `\n${optionsTable()}\n`),
)
