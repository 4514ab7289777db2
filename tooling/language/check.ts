import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beyond, countKeys, formatBaseline, parseBaseline, shrunk } from './src/baseline.ts'
import { findIdioms, type Finding } from './src/findings.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const baselineFile = fileURLToPath(new URL('baseline.txt', import.meta.url))

const CHECKED = /\.(?:[cm]?[jt]sx?|md)$/
// Generated from changesets, and the word list itself with its tests.
const LEFT_OUT = /(?:^|\/)CHANGELOG\.md$|^tooling\/language\//

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
})
  .split('\0')
  .filter((file) => CHECKED.test(file) && !LEFT_OUT.test(file) && existsSync(join(root, file)))

const findings = files.flatMap((file) => findIdioms(file, readFileSync(join(root, file), 'utf8')))
const baseline = parseBaseline(readFileSync(baselineFile, 'utf8'))

const show = ({ file, line, idiom, excerpt }: Finding) =>
  `${file}:${line}: "${idiom.name}"; write: ${idiom.instead}\n    ${excerpt.slice(0, 160)}`

const [option, ...rest] = process.argv.slice(2)
if (rest.length > 0 || (option !== undefined && option !== '--list' && option !== '--update')) {
  console.error(`expected --list, --update or nothing, got ${process.argv.slice(2).join(' ')}`)
  process.exitCode = 2
} else if (option === '--list') {
  for (const finding of findings) console.log(show(finding))
  console.log(`\n${findings.length} idioms in ${new Set(findings.map((finding) => finding.file)).size} files`)
} else if (option === '--update') {
  const smaller = shrunk(baseline, findings)
  writeFileSync(baselineFile, formatBaseline(smaller))
  console.log(`baseline: ${total(baseline)} → ${total(smaller)}`)
} else {
  const fresh = beyond(baseline, findings)
  for (const finding of fresh) console.error(show(finding))
  if (fresh.length > 0) {
    console.error(`\n${countKeys(fresh).size} idioms in new or changed lines; see tooling/language/README.md`)
    process.exitCode = 1
  }
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
