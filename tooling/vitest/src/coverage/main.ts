/**
 * Lines of packages that a tier runs, in test workers and in the processes that tests start.
 *
 *     pnpm coverage [quick|slow|all] [--filter=…]
 *
 * What can be run is what the built packages have source maps for.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleRunnerTransform, transformWithOxc } from 'vite'
import { ROOT } from '../workspace.ts'
import {
  lineStarts,
  ranLines,
  ranOffsets,
  segmentsOf,
  type Script,
  type ScriptCoverage,
  type Segment,
} from './lines.ts'

interface Transformed {
  readonly code: string
  readonly map: { readonly mappings: string }
}

const covered = new Map<string, Set<number>>()
const maps = new Map<string, { code: string; segments: Segment[] }>()
const transforms = new Map<string, Promise<Transformed>>()
const runnable = readMaps()

const folder = mkdtempSync(join(tmpdir(), 'tsgi-coverage-'))
const run = spawnSync(process.execPath, [join(ROOT, 'tooling/vitest/src/run.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TEST_COVERAGE: folder },
})
for (const name of readdirSync(folder)) {
  const text = readFileSync(join(folder, name), 'utf8')
  // A process that was killed while it wrote leaves a part.
  if (!text.endsWith('}') && !text.endsWith(']')) continue
  if (name.startsWith('worker-')) for (const script of JSON.parse(text) as Script[]) await addWorkerScript(script)
  else (JSON.parse(text) as { result: ScriptCoverage[] }).result.forEach(addProcessScript)
}
rmSync(folder, { recursive: true })
report()
process.exitCode = run.status ?? 1

/** The lines that can be run, by source file, and the code of each built file. */
function readMaps(): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>()
  for (const path of globSync('packages/*/dist/**/*.js.map', { cwd: ROOT })) {
    const file = join(ROOT, path)
    const map: { mappings: string; sources: string[] } = JSON.parse(readFileSync(file, 'utf8'))
    const segments = segmentsOf({ ...map, sources: map.sources.map((source) => resolve(dirname(file), source)) })
    const built = file.slice(0, -'.map'.length)
    maps.set(built, { code: readFileSync(built, 'utf8'), segments })
    for (const { source, sourceLine } of segments) {
      lines.set(source, (lines.get(source) ?? new Set()).add(sourceLine))
    }
  }
  // The build leaves what it made of sources that are deleted or moved since.
  for (const source of lines.keys()) if (!existsSync(source)) lines.delete(source)
  return lines
}

async function addWorkerScript({ file, source, functions }: Script): Promise<void> {
  const { code, map } = await transformed(file)
  // Vite's code stands in a function, which begins in the first line. Its imports have other names here, on the same lines.
  const prefix = source.indexOf('{{') + 2
  const lines = source
    .slice(prefix)
    .replace(/(?:\n\/\/# [^\n]*)?\s*\}\}\s*$/, '')
    .trimEnd()
    .split('\n').length
  if (lines !== code.trimEnd().split('\n').length) throw new Error(`${file}: vite made other lines of it than here`)
  const ran = ranOffsets(source.length, functions)
  const segments = segmentsOf({ ...map, sources: [file] })
  const moved = segments.map((segment) =>
    segment.line === 0 ? { ...segment, column: segment.column + prefix } : segment,
  )
  add(ranLines(source, ran, moved))
}

/** What vite makes of a source file for a test worker. The worker's own has no source map. */
function transformed(file: string): Promise<Transformed> {
  const known = transforms.get(file)
  if (known !== undefined) return known
  const transform = async (): Promise<Transformed> => {
    const text = readFileSync(file, 'utf8')
    const plain = await transformWithOxc(text, file, { sourcemap: true })
    const made = await moduleRunnerTransform(
      plain.code,
      plain.map as Parameters<typeof moduleRunnerTransform>[1],
      file,
      text,
    )
    if (made === null || made.map === null || !('mappings' in made.map))
      throw new Error(`${file}: vite makes no source map of it`)
    return { code: made.code, map: { mappings: made.map.mappings } }
  }
  const made = transform()
  transforms.set(file, made)
  return made
}

function addProcessScript({ url, functions }: ScriptCoverage): void {
  if (!url.startsWith('file:')) return
  const file = fileURLToPath(url.replace(/[?#].*/, ''))
  const built = maps.get(file)
  if (built !== undefined) return add(ranLines(built.code, ranOffsets(built.code.length, functions), built.segments))
  const lines = runnable.get(file)
  if (lines === undefined) return
  // Run as it is: types are blanked out, so that offsets stay.
  const code = readFileSync(file, 'utf8')
  const ran = ranOffsets(code.length, functions)
  const starts = lineStarts(code)
  const isRun = (line: number) => ran.subarray(starts[line - 1], starts[line]).includes(1)
  add(new Map([[file, new Set([...lines].filter(isRun))]]))
}

function add(lines: ReadonlyMap<string, ReadonlySet<number>>): void {
  for (const [file, numbers] of lines) covered.set(file, (covered.get(file) ?? new Set()).union(numbers))
}

function report(): void {
  const packages = new Map<string, { lines: number; ran: number }>()
  for (const [file, lines] of runnable) {
    const name = /packages\/[^/]+/.exec(file)?.[0] ?? file
    const sum = packages.get(name) ?? { lines: 0, ran: 0 }
    sum.lines += lines.size
    sum.ran += lines.intersection(covered.get(file) ?? new Set()).size
    packages.set(name, sum)
  }
  const all = [...packages.values()].reduce((a, b) => ({ lines: a.lines + b.lines, ran: a.ran + b.ran }))
  const row = (name: string, { lines, ran }: typeof all) =>
    `${name.padEnd(30)} ${((100 * ran) / lines).toFixed(1).padStart(5)} %  ${ran} of ${lines} lines`
  for (const [name, sum] of [...packages].sort()) console.log(row(name, sum))
  console.log(row('all', all))
  mkdirSync(join(ROOT, 'test-results'), { recursive: true })
  const missed = [...runnable].map(([file, lines]) => [
    file,
    [...lines.difference(covered.get(file) ?? new Set())].sort((a, b) => a - b),
  ])
  writeFileSync(join(ROOT, 'test-results', 'missed-lines.json'), JSON.stringify(Object.fromEntries(missed), null, 1))
}
