/**
 * Compares what is made from `layers.json` with the files: `.oxlintrc.json`, CONTRIBUTING.md, docs/architecture.md. With `--write` it
 * writes them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { complaints, FLOORS, foldersOf, PACKAGES } from './layers.ts'
import { between, contributingTable, lintConfig, picture } from './outputs.ts'

const write = process.argv.includes('--write')
const problems = complaints(FLOORS, foldersOf(PACKAGES))
const outputs: Readonly<Record<string, (text: string) => string>> = {
  '.oxlintrc.json': (text) => lintConfig(text, FLOORS),
  'CONTRIBUTING.md': (text) => between(text, 'layers', contributingTable(FLOORS)),
  'docs/architecture.md': (text) => between(text, 'layers', picture(FLOORS)),
}

if (problems.length === 0) {
  for (const [name, make] of Object.entries(outputs)) {
    const file = new URL(`../../${name}`, import.meta.url)
    const text = readFileSync(file, 'utf8')
    const made = make(text)
    // The formatter may break lines of JSON in another way.
    const same = name.endsWith('.json')
      ? JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(made))
      : text === made
    if (same) continue
    if (write) writeFileSync(file, made)
    else problems.push(`${name} does not follow tooling/layers/layers.json; run pnpm layers`)
  }
}

for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
