/** `pnpm check`: every regular expression in the sources of packages and applications is linear, or allowed with a reason. */
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, matchesGlob } from 'node:path'
import { ALLOWED } from './allowed.ts'
import { expressionsOf, type Expression } from './literals.ts'
import { verdictOn, type Verdict } from './verdict.ts'

const ROOT = join(import.meta.dirname, '../../..')
const CACHE = join(ROOT, 'node_modules/.cache/tsgi-redos.json')

/** Verdicts by expression; of another version of this check or of `recheck`, none. */
function readCache(version: string): Map<string, Verdict> {
  try {
    const kept: unknown = JSON.parse(readFileSync(CACHE, 'utf8'))
    if (Array.isArray(kept) && kept[0] === version) return new Map(kept.slice(1))
  } catch {
    // None yet, or cut off while it was written.
  }
  return new Map()
}

function writeCache(version: string, verdicts: ReadonlyMap<string, Verdict>): void {
  mkdirSync(dirname(CACHE), { recursive: true })
  writeFileSync(CACHE, JSON.stringify([version, ...verdicts]))
}

const version = createHash('sha256')
  .update(readFileSync(join(import.meta.dirname, 'verdict.ts')))
  .update(readFileSync(createRequire(import.meta.url).resolve('recheck/package.json')))
  .digest('hex')
const known = readCache(version)
const used = new Map<string, Verdict>()

function judge({ literal }: Expression): Verdict {
  if (literal === null) return 'is made at run time and cannot be judged'
  const key = `/${literal.pattern}/${literal.flags}`
  const verdict = known.has(key) ? (known.get(key) ?? null) : verdictOn(literal.pattern, literal.flags)
  used.set(key, verdict)
  return verdict
}

const unused = new Set(ALLOWED)
const faults: string[] = []
const files = globSync('{packages,apps}/*/src/**/*.{ts,mts,js,mjs}', { cwd: ROOT }).filter(
  (file) => !file.includes('node_modules') && !file.endsWith('.test.ts'),
)
for (const file of files.sort()) {
  for (const expression of expressionsOf(file, readFileSync(join(ROOT, file), 'utf8'))) {
    const { line, text } = expression
    const allowance = ALLOWED.find(
      (entry) => matchesGlob(file, entry.file) && (entry.text === undefined || text.includes(entry.text)),
    )
    if (allowance !== undefined) unused.delete(allowance)
    else {
      const verdict = judge(expression)
      if (verdict !== null) faults.push(`${file}:${line} ${text}\n    ${verdict}`)
    }
  }
}
writeCache(version, used)
for (const { file, text } of unused) {
  faults.push(
    `tooling/redos/src/allowed.ts: nothing in ${file} needs ${text ?? 'its entry'} any more; remove the entry`,
  )
}
if (faults.length > 0) {
  console.error(`Regular expressions whose cost can grow faster than their input (tooling/redos/README.md):\n`)
  console.error(faults.join('\n'))
  process.exitCode = 1
}
